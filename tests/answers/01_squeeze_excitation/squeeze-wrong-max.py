# exercise: squeeze
# kind: wrong
# score: 1
# says: max
def squeeze(x):
    return np.max(x, axis=(1, 2))
