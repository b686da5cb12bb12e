# exercise: squeeze
# kind: wrong
# score: 0.25
# says: float64
def squeeze(x):
    return np.mean(x)
