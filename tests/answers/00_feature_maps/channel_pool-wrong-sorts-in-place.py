# exercise: channel_pool
# kind: wrong
# score: 2.75
# says: changes
def channel_pool(x):
    mean = x.mean(axis=-1)
    x.sort(axis=-1)
    return np.stack([mean, x[..., -1]], axis=-1)
