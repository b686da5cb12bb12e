# exercise: excite
# kind: right
# score: 5
def excite(z, w1, b1, w2, b2):
    hidden = np.einsum("bc,cm->bm", z, w1) + b1[None, :]
    hidden = hidden * (hidden > 0)
    logits = np.einsum("bm,mc->bc", hidden, w2) + b2[None, :]
    return 1 / (1 + np.exp(-logits))
