# exercise: channel_pool
# kind: wrong
# score: 0.5
# says: axes of size 1
def channel_pool(x):
    mean = x.mean(axis=-1, keepdims=True)
    largest = x.max(axis=-1, keepdims=True)
    return np.stack([mean, largest], axis=-1)
