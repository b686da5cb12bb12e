# exercise: channel_pool
# kind: wrong
# score: 1
# says: values are wrong
def channel_pool(x):
    return np.stack([x.mean(axis=-1), np.argmax(x, axis=-1)], axis=-1)
