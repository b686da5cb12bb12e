# exercise: conv2d_same
# kind: wrong
# score: 1.25
# says: too much is padded
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k - 1
    B, H, W, D = d.shape
    H, W = H + k - 1, W + k - 1
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.zeros((B, H, W))
    for i in range(k):
        for j in range(k):
            out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
    return out
