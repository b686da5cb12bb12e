# exercise: excite
# kind: wrong
# score: 4.25
# says: exp of a large number
def excite(z, w1, b1, w2, b2):
    e = np.exp(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
    return e / (e + 1)
