# exercise: shared_mlp
# kind: wrong
# score: 1
# says: before the first layer
def shared_mlp(v, w1, b1, w2, b2):
    v = np.maximum(v, 0)
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2
