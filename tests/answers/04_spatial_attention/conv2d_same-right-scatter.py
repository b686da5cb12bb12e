# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    # every input is sent to the places that see it
    k = kernel.shape[0]
    B, H, W, D = d.shape
    out = np.zeros((B, H + k - 1, W + k - 1))
    for i in range(k):
        for j in range(k):
            out[:, k - 1 - i:k - 1 - i + H, k - 1 - j:k - 1 - j + W] += d @ kernel[i, j]
    p = k // 2
    return out[:, p:p + H, p:p + W]
