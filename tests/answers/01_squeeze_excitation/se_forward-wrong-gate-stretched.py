# exercise: se_forward
# kind: wrong
# score: 1
# says: gate itself
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2), keepdims=True)
    return np.ones_like(x) / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
