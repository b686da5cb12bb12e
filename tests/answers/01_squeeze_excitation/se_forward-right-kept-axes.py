# exercise: se_forward
# kind: right
# score: 4
def se_forward(x, w1, b1, w2, b2):
    # with the axes kept, nothing has to be inserted later
    z = x.mean(axis=(1, 2), keepdims=True)
    hidden = (abs(z @ w1 + b1) + z @ w1 + b1) / 2
    return x / (1 + np.exp(-hidden @ w2 - b2))
