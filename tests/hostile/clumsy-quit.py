# tries: clumsy: exit() and quit() in the answer cell, sys.exit in a cell of one's own
# %% global_average_pool
import sys


def global_average_pool(x):
    return x.mean((1, 2))


exit()
# %% channel_pool
def channel_pool(x):
    return np.stack([x.mean(-1), x.max(-1)], -1)


quit()
# %% after channel_pool
sys.exit(3)
