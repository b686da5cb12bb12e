# exercise: se_forward
# kind: wrong
# score: 0.75
# says: values are wrong
def se_forward(x, w1, b1, w2, b2):
    # a bias of its own, new at every call
    b2 = np.random.normal(size=b2.shape)
    z = x.mean(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s[:, None, None, :]
