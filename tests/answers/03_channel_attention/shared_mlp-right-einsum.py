# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    h = np.einsum("bc,cm->bm", v, w1) + b1
    h = np.where(h > 0, h, 0.0)
    return np.einsum("bm,mc->bc", h, w2) + b2[None, :]
