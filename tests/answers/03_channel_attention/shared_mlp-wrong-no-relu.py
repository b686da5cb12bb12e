# exercise: shared_mlp
# kind: wrong
# score: 1
# says: no ReLU
def shared_mlp(v, w1, b1, w2, b2):
    return (v @ w1 + b1) @ w2 + b2
