# exercise: channel_pool
# kind: right
# score: 3
import sys


def channel_pool(x):
    print("pooling", x.shape, file=sys.stderr)
    return np.apply_along_axis(lambda v: np.array([v.mean(), v.max()]), -1, x)
