# exercise: shared_mlp
# kind: wrong
# score: 1
# says: first image
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    logits = h @ w2
    logits[0] += b2
    return logits
