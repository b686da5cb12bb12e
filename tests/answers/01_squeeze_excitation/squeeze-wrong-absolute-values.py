# exercise: squeeze
# kind: wrong
# score: 1
# says: absolute
def squeeze(x):
    return np.mean(np.abs(x), axis=(1, 2))
