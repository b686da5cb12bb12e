# exercise: squeeze
# kind: wrong
# score: 1
# says: values are wrong
def squeeze(x):
    return x.sum(axis=(1, 2)) / x.shape[3]
