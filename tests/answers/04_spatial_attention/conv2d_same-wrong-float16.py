# exercise: conv2d_same
# kind: wrong
# score: 2.5
# says: three digits
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.zeros((B, H, W), dtype=np.float16)
    for i in range(k):
        for j in range(k):
            out = out + (padded[:, i:i + H, j:j + W] @ kernel[i, j]).astype(np.float16)
    return out
