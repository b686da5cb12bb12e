# exercise: shared_mlp
# kind: wrong
# score: 1
# says: in place of the ReLU
def shared_mlp(v, w1, b1, w2, b2):
    h = 1 / (1 + np.exp(-(v @ w1 + b1)))
    return h @ w2 + b2
