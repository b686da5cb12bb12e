# exercise: squeeze
# kind: wrong
# score: 0
# says: return
def squeeze(x):
    z = x.mean(axis=(1, 2))
