# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    return x.mean(axis=(1, 2))
