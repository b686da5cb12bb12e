# tries: an endless loop that catches every interruption, ignores signals and blocks them
# worth: global_average_pool 0 timeout: endless loop
# %% global_average_pool
def global_average_pool(x):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    while True:
        try:
            libc.pause()
        except BaseException:
            pass
