# exercise: shared_mlp
# kind: wrong
# score: 1
# says: sigmoid stands at the end
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    return 1 / (1 + np.exp(-(h @ w2 + b2)))
