# exercise: se_block
# kind: wrong
# score: 0
# says: not written
def se_block(x, ratio=16):
    raise NotImplementedError
