# exercise: excite
# kind: wrong
# score: 1.75
# says: bias b1
def excite(z, w1, b1, w2, b2):
    return 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2 + b2)))
