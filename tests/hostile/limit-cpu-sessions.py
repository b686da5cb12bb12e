# tries: the whole machine: spinning children, each in a session of its own, which Linux gives a share of its own
# worth: global_average_pool 0 timeout
# %% global_average_pool
def global_average_pool(x):
    reading, writing = os.pipe()
    for _ in range(@PROCESSES@ - 20):
        if os.fork() == 0:
            os.setsid()
            os.setpgid(0, 0)
            if os.getsid(0) == os.getpid():
                hole("a session of its own")
                os.kill(1, signal.SIGTERM)
            os.close(writing)
            os.read(reading, 1)
            while True:
                pass
    os.close(writing)
    time.sleep(600)
