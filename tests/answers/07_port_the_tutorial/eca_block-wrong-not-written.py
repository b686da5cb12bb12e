# exercise: eca_block
# kind: wrong
# score: 0
# says: not written
def eca_block(input_feature, b=1, gamma=2, name=""):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
