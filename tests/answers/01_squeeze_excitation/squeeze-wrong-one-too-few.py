# exercise: squeeze
# kind: wrong
# score: 1
# says: values are wrong
def squeeze(x):
    n = x.shape[1] * x.shape[2]
    return x.sum(axis=(1, 2)) / (n - 1)
