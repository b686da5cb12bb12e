# exercise: eca_forward
# kind: wrong
# score: 1
# says: bounded
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    M = band(kernel, x.shape[-1])
    a = z @ M.T
    g = np.maximum(a, 0)
    return x * g[:, None, None, :]
