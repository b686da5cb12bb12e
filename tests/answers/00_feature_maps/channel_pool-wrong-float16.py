# exercise: channel_pool
# kind: wrong
# score: 1
# says: float16
def channel_pool(x):
    d = np.empty(x.shape[:3] + (2,), dtype=np.float16)
    d[..., 0] = x.mean(-1)
    d[..., 1] = x.max(-1)
    return d
