# exercise: squeeze
# kind: wrong
# score: 1
# says: H * W
def squeeze(x):
    z = x.sum(axis=(1, 2))
    return z / x.shape[1]
