# exercise: se_forward
# kind: wrong
# score: 1
# says: softmax
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = np.exp(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
    s = s / s.sum(axis=1, keepdims=True)
    return x * s[:, None, None, :]
