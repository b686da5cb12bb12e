# tries: clumsy: common names are used for something else
# worth: channel_pool 0 fail
# worth: revealing_case 0 fail
# %% global_average_pool
list, dict, str, int, len, range, print, type = 1, 2, 3, 4, 5, 6, 7, 8


def global_average_pool(x):
    return x.mean((1, 2))
# %% after global_average_pool
del list, dict, str, int, len, range, print, type
# %% channel_pool
np = None


def channel_pool(x):
    return np.stack([x.mean(-1), x.max(-1)], -1)
# %% after channel_pool
import numpy
# %% apply_channel_gate
np = numpy


def apply_channel_gate(x, gate):
    return x * gate[:, None, None, :]
