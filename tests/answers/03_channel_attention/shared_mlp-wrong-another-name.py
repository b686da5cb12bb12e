# exercise: shared_mlp
# kind: wrong
# score: 0
# says: no function named
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2
