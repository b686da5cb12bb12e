# exercise: shared_mlp
# kind: wrong
# score: 3.75
# says: type list
def shared_mlp(v, w1, b1, w2, b2):
    return [np.maximum(row @ w1 + b1, 0) @ w2 + b2 for row in v]
