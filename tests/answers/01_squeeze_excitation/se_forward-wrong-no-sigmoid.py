# exercise: se_forward
# kind: wrong
# score: 1
# says: sigmoid is missing
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    return x * s[:, None, None, :]
