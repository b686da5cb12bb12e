# exercise: excite
# kind: wrong
# score: 1.75
# says: values are wrong
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    return np.clip(0.2 * logits + 0.5, 0, 1)
