# exercise: excite
# kind: wrong
# score: 2.75
# says: no ReLU
def excite(z, w1, b1, w2, b2):
    hidden = z @ w1 + b1
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
