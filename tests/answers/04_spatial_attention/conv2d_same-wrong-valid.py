# exercise: conv2d_same
# kind: wrong
# score: 1.25
# says: nothing is padded
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    B, H, W, D = d.shape
    if H < k or W < k:
        return np.zeros((B, 0, 0))
    out = np.zeros((B, H - k + 1, W - k + 1))
    for y in range(H - k + 1):
        for x in range(W - k + 1):
            out[:, y, x] = np.sum(d[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out
