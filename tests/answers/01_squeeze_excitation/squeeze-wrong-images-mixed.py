# exercise: squeeze
# kind: wrong
# score: 1.5
# says: each image
def squeeze(x):
    mean = x.mean(axis=(0, 1, 2), keepdims=True)
    return np.repeat(mean[:, 0, 0], len(x), axis=0)
