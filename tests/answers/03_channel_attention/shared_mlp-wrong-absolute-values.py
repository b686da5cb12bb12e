# exercise: shared_mlp
# kind: wrong
# score: 1
# says: Absolute values
def shared_mlp(v, w1, b1, w2, b2):
    h = np.abs(v @ w1 + b1)
    return h @ w2 + b2
