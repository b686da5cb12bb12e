# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    import warnings
    print("shape of v", v.shape)
    warnings.warn("no sigmoid here")
    hidden = (v @ w1) + b1
    hidden = hidden * (hidden > 0)
    return (hidden @ w2) + b2
