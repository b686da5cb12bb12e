# exercise: excite
# kind: right
# score: 5
def sigmoid(t):
    return 1.0 / (1.0 + np.exp(np.clip(-t, -60, 60)))


def one_gate(vector, w1, b1, w2, b2):
    h = w1.T.dot(vector) + b1
    h = np.array([value if value > 0 else 0 for value in h])
    return sigmoid(w2.T.dot(h) + b2)


def excite(z, w1, b1, w2, b2):
    return np.vstack([one_gate(row, w1, b1, w2, b2) for row in z])
