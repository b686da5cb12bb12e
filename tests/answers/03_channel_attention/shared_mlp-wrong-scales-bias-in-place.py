# exercise: shared_mlp
# kind: wrong
# score: 3.75
# says: changes what it was given
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    b2 *= np.ones_like(b2)
    logits = h @ w2
    logits += b2
    b2 -= b2
    return logits
