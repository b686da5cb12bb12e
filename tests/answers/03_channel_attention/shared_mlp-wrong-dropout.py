# exercise: shared_mlp
# kind: wrong
# score: 0.75
# says: second call
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    h = h * (np.random.random(h.shape) * 2)
    return h @ w2 + b2
