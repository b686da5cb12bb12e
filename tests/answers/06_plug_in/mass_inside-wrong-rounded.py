# exercise: mass_inside
# kind: wrong
# score: 1.0
# says: three digits
def mass_inside(gate, boxes):
    shares = np.zeros(len(gate))
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        shares[i] = round(gate[i, top:bottom, left:right].sum() / gate[i].sum(), 3)
    return shares
