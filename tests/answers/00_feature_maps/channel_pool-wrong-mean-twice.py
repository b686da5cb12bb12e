# exercise: channel_pool
# kind: wrong
# score: 1
# says: Both maps are the mean
def channel_pool(x):
    mean = x.mean(axis=-1)
    largest = x.mean(axis=-1)
    return np.stack([mean, largest], axis=-1)
