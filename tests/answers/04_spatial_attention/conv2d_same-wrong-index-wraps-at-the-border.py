# exercise: conv2d_same
# kind: wrong
# score: 0.5
# says: raised
def conv2d_same(d, kernel):
    k = len(kernel)
    p = k // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H, W))
    for b, y, x, i, j, c in np.ndindex(B, H, W, k, k, D):
        out[b, y, x] += d[b, y + i - p, x + j - p, c] * kernel[i, j, c]
    return out
