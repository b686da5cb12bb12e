# exercise: squeeze
# kind: wrong
# score: 1
# says: ReLU
def squeeze(x):
    return np.maximum(0, x).mean(axis=(1, 2))
