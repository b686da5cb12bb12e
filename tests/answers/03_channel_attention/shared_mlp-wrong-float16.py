# exercise: shared_mlp
# kind: wrong
# score: 1.75
# says: three digits
def shared_mlp(v, w1, b1, w2, b2):
    v, w1, b1, w2, b2 = (t.astype(np.float16) for t in (v, w1, b1, w2, b2))
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2
