# exercise: se_forward
# kind: wrong
# score: 1.75
# says: share one gate
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(0, 1, 2), keepdims=True)
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s
