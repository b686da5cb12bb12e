# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    h, w = x.shape[1:3]
    weights = np.full((h, w), 1 / (h * w))
    return np.tensordot(x, weights, axes=[(1, 2), (0, 1)])
