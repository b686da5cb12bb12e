# exercise: excite
# kind: wrong
# score: 1
# says: below one half
def relu(t):
    return np.maximum(t, 0)


def excite(z, w1, b1, w2, b2):
    h = relu(z @ w1 + b1)
    h = relu(h @ w2 + b2)
    return 1 / (1 + np.exp(-h))
