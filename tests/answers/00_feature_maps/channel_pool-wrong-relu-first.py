# exercise: channel_pool
# kind: wrong
# score: 1
# says: ReLU
def channel_pool(x):
    x = np.maximum(x, 0)
    return np.stack([x.mean(-1), x.max(-1)], -1)
