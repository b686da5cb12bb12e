# exercise: mass_inside
# kind: wrong
# score: 0.0
# says: not written
def mass_inside(gate, boxes):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
