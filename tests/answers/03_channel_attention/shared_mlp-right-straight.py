# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    return h @ w2 + b2
