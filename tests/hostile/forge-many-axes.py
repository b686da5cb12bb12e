# tries: answers with 64 axes, with axes of size 0, and without any
# worth: global_average_pool 0.5 fail
# worth: channel_pool 0 fail
# worth: to_channels_first 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return np.zeros((1,) * 64)
# %% channel_pool
def channel_pool(x):
    return np.zeros((0, 2**40, 2**20))
# %% to_channels_first
def to_channels_first(x):
    return np.array(1.0)
