# tries: processor time in children that live for a moment each, shorter than anyone looks
# %% after to_channels_first
import resource


def burn_in_turns():
    until = time.monotonic() + @CELL_SECONDS@ - 1.5
    while time.monotonic() < until:
        if os.fork() == 0:
            end = time.process_time() + 0.02
            while time.process_time() < end:
                pass
            os._exit(0)
        os.wait()
    os._exit(0)


drivers = []
for _ in range(2):
    drivers.append(os.fork())
    if drivers[-1] == 0:
        burn_in_turns()
for driver in drivers:
    os.waitpid(driver, 0)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
if used.ru_utime + used.ru_stime > 1.25 * @CPU_SECONDS@:
    hole(f"{used.ru_utime + used.ru_stime:.1f} s of processor time")
