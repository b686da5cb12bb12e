# exercise: shared_mlp
# kind: wrong
# score: 1
# says: counts twice
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + 2 * b2
