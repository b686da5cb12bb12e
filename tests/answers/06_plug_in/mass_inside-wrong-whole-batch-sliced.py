# exercise: mass_inside
# kind: wrong
# score: 0.0
# says: raised
def mass_inside(gate, boxes):
    top, left, bottom, right = boxes
    return gate[:, top:bottom, left:right].sum(axis=(1, 2)) / gate.sum(axis=(1, 2))
