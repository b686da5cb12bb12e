# tries: a daemon that outlives everything: double fork, own session, all signals ignored
# %% after to_channels_first
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        os.chdir("/")
        os.closerange(0, 1024)
        for _ in range(600):
            time.sleep(0.5)
            for folder in ("/tmp", "/dev/shm", COURSE):
                try:
                    os.close(os.open(f"{folder}/{MARK}", os.O_CREAT | os.O_WRONLY))
                except OSError:
                    pass
    os._exit(0)
