# exercise: eca_forward
# kind: wrong
# score: 0
# says: not written
def eca_forward(x, kernel):
    raise NotImplementedError
