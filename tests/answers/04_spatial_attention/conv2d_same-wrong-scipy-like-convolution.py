# exercise: conv2d_same
# kind: wrong
# score: 2
# says: flipped
def conv2d_same(d, kernel):
    p = len(kernel) // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H + 2 * p, W + 2 * p))
    for i in range(len(kernel)):
        for j in range(len(kernel)):
            out[:, i:i + H, j:j + W] += (d * kernel[i, j]).sum(-1)
    return out[:, p:p + H, p:p + W]
