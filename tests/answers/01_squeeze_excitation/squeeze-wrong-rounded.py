# exercise: squeeze
# kind: wrong
# score: 1.5
# says: three digits
def squeeze(x):
    return x.mean(axis=(1, 2)).round(3)
