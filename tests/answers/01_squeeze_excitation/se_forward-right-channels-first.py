# exercise: se_forward
# kind: right
# score: 4
def se_forward(x, w1, b1, w2, b2):
    x = np.moveaxis(x, -1, 1)
    z = x.mean((2, 3))
    s = 0.5 * (1 + np.tanh((np.clip(z @ w1 + b1, 0, np.inf) @ w2 + b2) / 2))
    return np.moveaxis(x * s[..., None, None], 1, -1)
