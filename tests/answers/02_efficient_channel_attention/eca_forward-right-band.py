# exercise: eca_forward
# kind: right
# score: 4
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = np.mean(x, axis=(1, 2))
    logits = z @ band(kernel, z.shape[1]).T
    return x * (1 / (1 + np.exp(-logits)))[:, None, None, :]
