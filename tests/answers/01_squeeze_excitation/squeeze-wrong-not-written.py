# exercise: squeeze
# kind: wrong
# score: 0
# says: not written
def squeeze(x):
    raise NotImplementedError
