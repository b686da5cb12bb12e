# exercise: excite
# kind: wrong
# score: 1
# says: place of the ReLU
def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def excite(z, w1, b1, w2, b2):
    return sigmoid(sigmoid(z @ w1 + b1) @ w2 + b2)
