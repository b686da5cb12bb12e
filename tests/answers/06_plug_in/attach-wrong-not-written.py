# exercise: attach
# kind: wrong
# score: 0.0
# says: not written
def attach(name, x):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
