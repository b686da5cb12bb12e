# exercise: se_forward
# kind: wrong
# score: 1
# says: no squeeze
def se_forward(x, w1, b1, w2, b2):
    hidden = np.maximum(x @ w1 + b1, 0)
    return x / (1 + np.exp(-(hidden @ w2 + b2)))
