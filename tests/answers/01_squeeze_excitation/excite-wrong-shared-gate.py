# exercise: excite
# kind: wrong
# score: 2
# says: share one gate
def excite(z, w1, b1, w2, b2):
    z = np.ones_like(z) * z.mean(axis=0)
    hidden = np.maximum(z @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
