# tries: nothing: wrong answers, one of them not written
# worth: global_average_pool 0.5 fail
# worth: channel_pool 0 fail: not written
# worth: revealing_case 0.75 fail
# worth: apply_channel_gate 0 fail
# worth: apply_spatial_gate 0.5 fail
# worth: to_channels_first 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
# %% channel_pool
def channel_pool(x):
    raise NotImplementedError("Your turn")
# %% apply_channel_gate
def apply_channel_gate(x, gate):
    print(gate)
# %% apply_spatial_gate
def apply_spatial_gate(x, gate):
    return gate
# %% to_channels_first
def to_channels_first(x):
    return x
# %% revealing_case
def revealing_case(channels):
    return np.ones((1, 2, 2, channels)), np.ones((1, channels))
