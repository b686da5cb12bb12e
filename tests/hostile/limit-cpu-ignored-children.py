# tries: processor time in short children whose end their parent ignores, so that nobody inherits it
# %% after to_channels_first
def burn_in_turns(report):
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    except OSError:
        pass
    turns, until = 0, time.monotonic() + @CELL_SECONDS@ - 1.5
    while time.monotonic() < until:
        if os.fork() == 0:
            end = time.process_time() + 0.02
            while time.process_time() < end:
                pass
            os._exit(0)
        try:
            os.wait()
        except ChildProcessError:
            pass
        turns += 1
    os.write(report, b"%d\n" % turns)
    os._exit(0)


reading, writing = os.pipe()
for _ in range(2):
    if os.fork() == 0:
        burn_in_turns(writing)
os.close(writing)
with os.fdopen(reading) as file:
    used = sum(int(line) for line in file) * 0.02
if used > 1.25 * @CPU_SECONDS@:
    hole(f"{used:.1f} s of processor time")
