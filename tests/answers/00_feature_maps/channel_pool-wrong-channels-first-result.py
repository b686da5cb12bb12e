# exercise: channel_pool
# kind: wrong
# score: 0.5
# says: shape
def channel_pool(x):
    return np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=1)
