# exercise: excite
# kind: wrong
# score: 1.75
# says: three digits
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return np.round(gate, 3)
