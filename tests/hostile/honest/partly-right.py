# tries: nothing: answers in part right
# worth: global_average_pool 1 fail: does not divide
# worth: channel_pool 1 fail: order is swapped
# worth: to_channels_first 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x.sum(axis=(1, 2))
# %% channel_pool
def channel_pool(x):
    return np.stack([x.max(-1), x.mean(-1)], -1)
# %% to_channels_first
def to_channels_first(x):
    return x
