# exercise: eca_forward
# kind: wrong
# score: 1
# says: before the squeeze
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = np.maximum(x, 0).mean(axis=(1, 2))
    M = band(kernel, x.shape[-1])
    a = z @ M.T
    g = 1 / (1 + np.exp(-a))
    return x * g[:, None, None, :]
