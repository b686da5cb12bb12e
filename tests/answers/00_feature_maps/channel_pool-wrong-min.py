# exercise: channel_pool
# kind: wrong
# score: 1
# says: min
def channel_pool(x):
    return np.stack([x.mean(-1), x.min(-1)], -1)
