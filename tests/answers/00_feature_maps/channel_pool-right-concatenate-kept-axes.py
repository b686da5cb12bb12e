# exercise: channel_pool
# kind: right
# score: 3
def channel_pool(x):
    parts = [x.mean(axis=3, keepdims=True), x.max(axis=3, keepdims=True)]
    return np.concatenate(parts, axis=3)
