# exercise: excite
# kind: wrong
# score: 4.75
# says: changes
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    np.negative(w2, out=w2)
    np.negative(b2, out=b2)
    return 1 / (1 + np.exp(hidden @ w2 + b2))
