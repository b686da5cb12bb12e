# exercise: channel_pool
# kind: wrong
# score: 1
# says: sum
def channel_pool(x):
    return np.stack([x.sum(axis=-1), x.max(axis=-1)], axis=-1)
