# exercise: small_resnet
# kind: wrong
# score: 0.0
# says: not written
def small_resnet(attention, input_shape, classes):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
