# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    batch, height, width, depth = d.shape
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.zeros((batch, height, width))
    for i in range(k):
        for j in range(k):
            out += (padded[:, i:i + height, j:j + width] * kernel[i, j]).sum(axis=-1)
    return out
