# exercise: cbam_block
# kind: wrong
# score: 0
# says: not written
def cbam_block(cbam_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
