# exercise: channel_pool
# kind: wrong
# score: 1
# says: Both maps are the max
def channel_pool(x):
    m = x.max(axis=-1)
    return np.stack([m, m], axis=-1)
