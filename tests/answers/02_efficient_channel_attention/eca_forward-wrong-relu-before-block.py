# exercise: eca_forward
# kind: wrong
# score: 1
# says: before the block
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    x = np.maximum(x, 0)
    z = x.mean(axis=(1, 2))
    M = band(kernel, x.shape[-1])
    a = z @ M.T
    g = 1 / (1 + np.exp(-a))
    return x * g[:, None, None, :]
