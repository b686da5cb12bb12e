# exercise: channel_pool
# kind: right
# score: 3
def channel_pool(x):
    mean = np.einsum("bhwc->bhw", x) / x.shape[-1]
    return np.dstack([mean.ravel(), np.sort(x, axis=-1)[..., -1].ravel()]).reshape(*x.shape[:-1], 2)
