# tries: clumsy, not hostile: right answers that write to stderr and warn
# %% global_average_pool
import sys
import warnings


def global_average_pool(x):
    print("mean", file=sys.stderr)
    warnings.warn("a mean")
    return np.mean(x, axis=(1, 2))
# %% channel_pool
import logging


def channel_pool(x):
    logging.getLogger().error("pool")
    os.write(2, b"pool\n")
    return np.stack([x.mean(-1), x.max(-1)], -1)
