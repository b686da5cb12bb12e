# exercise: conv2d_same
# kind: wrong
# score: 2
# says: shifted
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    padded = np.pad(d, ((0, 0), (0, 2 * p), (0, 2 * p), (0, 0)))
    out = np.zeros((B, H, W))
    for i in range(k):
        for j in range(k):
            out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
    return out
