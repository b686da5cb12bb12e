# exercise: excite
# kind: right
# score: 5
def excite(z, w1, b1, w2, b2):
    hidden = np.dot(z, w1) + b1
    hidden[hidden < 0] = 0
    logits = np.dot(hidden, w2) + b2
    small = np.exp(-np.abs(logits))
    return np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
