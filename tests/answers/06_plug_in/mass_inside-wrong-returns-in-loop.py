# exercise: mass_inside
# kind: wrong
# score: 0.25
# says: float64
def mass_inside(gate, boxes):
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        return gate[i, top:bottom, left:right].sum() / gate[i].sum()
