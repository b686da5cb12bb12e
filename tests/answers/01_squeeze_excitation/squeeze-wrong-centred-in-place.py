# exercise: squeeze
# kind: wrong
# score: 2.75
# says: changes
def squeeze(x):
    z = x.mean(axis=(1, 2))
    x -= z[:, None, None, :]
    return z
