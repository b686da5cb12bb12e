# exercise: se_forward
# kind: right
# score: 4
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    hidden = np.maximum(z @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return x * gate[:, None, None, :]
