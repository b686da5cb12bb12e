# exercise: channel_pool
# kind: right
# score: 3
def channel_pool(x):
    total = x[..., 0]
    best = x[..., 0]
    for c in range(1, x.shape[-1]):
        total = total + x[..., c]
        best = np.where(x[..., c] > best, x[..., c], best)
    return np.moveaxis(np.array([total / x.shape[-1], best]), 0, -1)
