# exercise: shared_mlp
# kind: wrong
# score: 0
# says: inner sizes
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1.T + b1, 0)
    return h @ w2.T + b2
