# exercise: shared_mlp
# kind: wrong
# score: 0
# says: None
def shared_mlp(v, w1, b1, w2, b2):
    print(np.maximum(v @ w1 + b1, 0) @ w2 + b2)
