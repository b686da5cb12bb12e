# exercise: channel_pool
# kind: wrong
# score: 1.5
# says: below zero
def channel_pool(x):
    best = np.zeros(x.shape[:3])
    for c in range(x.shape[3]):
        best = np.maximum(best, x[..., c])
    return np.stack([x.mean(axis=3), best], axis=3)
