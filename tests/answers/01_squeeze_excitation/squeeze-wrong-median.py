# exercise: squeeze
# kind: wrong
# score: 1
# says: median
def squeeze(x):
    return np.median(x, axis=(1, 2))
