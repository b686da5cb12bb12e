# exercise: excite
# kind: wrong
# score: 1
# says: softmax
def excite(z, w1, b1, w2, b2):
    logits = np.maximum(z @ w1 + b1, 0) @ w2 + b2
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
