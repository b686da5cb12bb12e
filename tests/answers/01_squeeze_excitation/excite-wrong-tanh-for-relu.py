# exercise: excite
# kind: wrong
# score: 1
# says: tanh stands in place of the ReLU
def excite(z, w1, b1, w2, b2):
    hidden = np.tanh(z @ w1 + b1)
    return 1 / (1 + np.exp(-(hidden @ w2 + b2)))
