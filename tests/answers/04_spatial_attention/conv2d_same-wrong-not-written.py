# exercise: conv2d_same
# kind: wrong
# score: 0
# says: not written yet
def conv2d_same(d, kernel):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
