# exercise: eca_forward
# kind: wrong
# score: 1
# says: ring
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = x.mean(axis=(1, 2))
    a = sum(w * np.roll(z, p - t, axis=1) for t, w in enumerate(kernel))
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
