# exercise: channel_pool
# kind: wrong
# score: 0.25
# says: type list
def channel_pool(x):
    return [x.mean(axis=-1), x.max(axis=-1)]
