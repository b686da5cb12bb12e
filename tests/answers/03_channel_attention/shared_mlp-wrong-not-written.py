# exercise: shared_mlp
# kind: wrong
# score: 0
# says: not written
def shared_mlp(v, w1, b1, w2, b2):
    # the first layer
    # the second layer
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
