# exercise: excite
# kind: wrong
# score: 0.5
# says: shape
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z[0] @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
