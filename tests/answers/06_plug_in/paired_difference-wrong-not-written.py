# exercise: paired_difference
# kind: wrong
# score: 0.0
# says: not written
def paired_difference(a, b):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
