# exercise: squeeze
# kind: wrong
# score: 0.5
# says: shape
def squeeze(x):
    return x.mean(axis=1)
