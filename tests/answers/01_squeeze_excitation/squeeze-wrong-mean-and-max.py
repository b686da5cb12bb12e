# exercise: squeeze
# kind: wrong
# score: 0
# says: tuple
def squeeze(x):
    return x.mean(axis=(1, 2)), x.max(axis=(1, 2))
