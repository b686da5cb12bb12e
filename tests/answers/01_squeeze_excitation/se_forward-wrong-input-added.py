# exercise: se_forward
# kind: wrong
# score: 1
# says: residual
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s[:, None, None, :] + x
