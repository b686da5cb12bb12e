# tries: one array of a terabyte
# worth: global_average_pool 0 fail|memory
# %% global_average_pool
def global_average_pool(x):
    return np.ones(2**37)
