# exercise: channel_pool
# kind: wrong
# score: 1
# says: absolute
def channel_pool(x):
    return np.stack([np.mean(x, -1), np.max(np.abs(x), -1)], axis=-1)
