# exercise: channel_pool
# kind: wrong
# score: 0.5
# says: axis goes last
def channel_pool(x):
    return np.stack([np.mean(x, axis=-1), np.max(x, axis=-1)])
