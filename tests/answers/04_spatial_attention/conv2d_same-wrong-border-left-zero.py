# exercise: conv2d_same
# kind: wrong
# score: 2
# says: wrong
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H, W))
    for y in range(p, H - p):
        for x in range(p, W - p):
            out[:, y, x] = np.sum(d[:, y - p:y + p + 1, x - p:x + p + 1] * kernel, axis=(1, 2, 3))
    return out
