# tries: abort, which may write a core file
# worth: global_average_pool 0 crash: stopped
# %% global_average_pool
def global_average_pool(x):
    os.abort()
