# exercise: eca_forward
# kind: wrong
# score: 1
# says: over the images
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = np.pad(x.mean(axis=(1, 2)), ((p, p), (0, 0)))
    a = sum(w * z[t:t + len(x)] for t, w in enumerate(kernel))
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
