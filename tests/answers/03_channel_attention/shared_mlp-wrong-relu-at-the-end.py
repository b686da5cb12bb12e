# exercise: shared_mlp
# kind: wrong
# score: 1
# says: after the second layer
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    return np.maximum(h @ w2 + b2, 0)
