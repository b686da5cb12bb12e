# exercise: shared_mlp
# kind: wrong
# score: 0.5
# says: second layer is missing
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0)
