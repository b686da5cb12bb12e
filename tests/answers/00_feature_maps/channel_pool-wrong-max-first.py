# exercise: channel_pool
# kind: wrong
# score: 1
# says: order
def channel_pool(x):
    return np.stack([x.max(axis=-1), x.mean(axis=-1)], axis=-1)
