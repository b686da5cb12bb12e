# tries: clumsy: a recursion limit that is too low for anybody
# worth: global_average_pool 0 any or 3 pass
# worth: channel_pool 0 any or 3 pass
# worth: revealing_case 0 any or 4 pass
# worth: apply_channel_gate 0 any or 3 pass
# worth: apply_spatial_gate 0 any or 3 pass
# worth: to_channels_first 0 any or 2 pass
# %% global_average_pool
import sys

sys.setrecursionlimit(60)


def global_average_pool(x):
    return x.mean((1, 2))
