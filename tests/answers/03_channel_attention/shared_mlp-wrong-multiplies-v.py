# exercise: shared_mlp
# kind: wrong
# score: 1
# says: multiplies v
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    return v * (h @ w2 + b2)
