# exercise: channel_pool
# kind: wrong
# score: 0.5
# says: shape
def channel_pool(x):
    return x.mean(axis=-1, keepdims=True)
