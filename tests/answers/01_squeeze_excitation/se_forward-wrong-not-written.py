# exercise: se_forward
# kind: wrong
# score: 0
# says: not written
def se_forward(x, w1, b1, w2, b2):
    raise NotImplementedError
