# tries: clumsy: a function that calls itself
# worth: global_average_pool 0 fail|timeout
# %% global_average_pool
def global_average_pool(x):
    return global_average_pool(x) / 2
