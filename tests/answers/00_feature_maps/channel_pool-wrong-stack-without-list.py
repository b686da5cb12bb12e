# exercise: channel_pool
# kind: wrong
# score: 0
# says: raised TypeError
def channel_pool(x):
    return np.stack(x.mean(axis=-1), x.max(axis=-1))
