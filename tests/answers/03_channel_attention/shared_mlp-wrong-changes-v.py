# exercise: shared_mlp
# kind: wrong
# score: 0.75
# says: changes what it was given
def shared_mlp(v, w1, b1, w2, b2):
    v[v < 0] = 0
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2
