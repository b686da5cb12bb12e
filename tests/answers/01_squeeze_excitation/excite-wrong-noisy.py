# exercise: excite
# kind: wrong
# score: 1.5
# says: second call
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2 + np.random.normal(size=b2.shape))))
