# exercise: se_block
# kind: wrong
# score: 0
# says: not written
def se_block(input_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
