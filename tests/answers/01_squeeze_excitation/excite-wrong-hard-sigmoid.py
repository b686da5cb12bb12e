# exercise: excite
# kind: wrong
# score: 1.75
# says: hard sigmoid
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    return np.clip(logits / 6 + 0.5, 0, 1)
