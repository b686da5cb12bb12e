# exercise: residual_with_cbam
# kind: wrong
# score: 0
# says: not written
def residual_with_cbam(x, filters, strides=1, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
