# exercise: squeeze
# kind: wrong
# score: 0.5
# says: over the channels
def squeeze(x):
    return np.mean(x, axis=3)
