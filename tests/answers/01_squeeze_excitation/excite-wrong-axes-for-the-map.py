# exercise: excite
# kind: wrong
# score: 0.5
# says: axes of size 1
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return gate[:, None, None, :]
