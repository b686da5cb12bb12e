# exercise: excite
# kind: wrong
# score: 0
# says: not written
def excite(z, w1, b1, w2, b2):
    raise NotImplementedError
