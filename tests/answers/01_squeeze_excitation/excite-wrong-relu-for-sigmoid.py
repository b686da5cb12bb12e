# exercise: excite
# kind: wrong
# score: 1
# says: bounded
def excite(z, w1, b1, w2, b2):
    h = np.maximum(z @ w1 + b1, 0)
    return np.maximum(h @ w2 + b2, 0)
