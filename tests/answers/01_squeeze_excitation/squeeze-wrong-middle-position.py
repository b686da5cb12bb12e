# exercise: squeeze
# kind: wrong
# score: 1
# says: values are wrong
def squeeze(x):
    return x[:, x.shape[1] // 2, x.shape[2] // 2]
