# exercise: excite
# kind: wrong
# score: 1
# says: tanh
def excite(z, w1, b1, w2, b2):
    return np.tanh(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
