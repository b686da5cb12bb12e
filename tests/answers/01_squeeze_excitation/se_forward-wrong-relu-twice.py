# exercise: se_forward
# kind: wrong
# score: 1
# says: below one half
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    h = np.maximum(z @ w1 + b1, 0)
    h = np.maximum(h @ w2 + b2, 0)
    s = 1 / (1 + np.exp(-h))
    return x * s[:, None, None, :]
