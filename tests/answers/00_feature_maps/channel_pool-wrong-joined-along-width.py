# exercise: channel_pool
# kind: wrong
# score: 0.5
# says: along the width
def channel_pool(x):
    return np.concatenate([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
