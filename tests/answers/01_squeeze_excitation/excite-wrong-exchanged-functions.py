# exercise: excite
# kind: wrong
# score: 1
# says: exchanged
def excite(z, w1, b1, w2, b2):
    hidden = 1 / (1 + np.exp(-(z @ w1 + b1)))
    return np.maximum(hidden @ w2 + b2, 0)
