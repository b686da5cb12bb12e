# exercise: eca_forward
# kind: wrong
# score: 1
# says: softmax
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    M = band(kernel, x.shape[-1])
    a = z @ M.T
    g = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
    return x * g[:, None, None, :]
