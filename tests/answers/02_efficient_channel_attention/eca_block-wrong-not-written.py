# exercise: eca_block
# kind: wrong
# score: 0
# says: not written
def eca_block(x, gamma=2, b=1):
    raise NotImplementedError
