# exercise: shared_mlp
# kind: wrong
# score: 1
# says: share one result
def shared_mlp(v, w1, b1, w2, b2):
    mean_row = v.mean(axis=0)
    h = np.maximum(mean_row @ w1 + b1, 0)
    return np.stack([h @ w2 + b2] * len(v))
