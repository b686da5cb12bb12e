# exercise: se_forward
# kind: wrong
# score: 1
# says: before the squeeze
def se_forward(x, w1, b1, w2, b2):
    z = np.maximum(x, 0).mean(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s[:, None, None, :]
