# exercise: channel_pool
# kind: right
# score: 3
def channel_pool(x):
    mean = np.mean(x, axis=-1)
    largest = np.max(x, axis=-1)
    return np.stack([mean, largest], axis=-1)
