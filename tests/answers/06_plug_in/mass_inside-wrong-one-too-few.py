# exercise: mass_inside
# kind: wrong
# score: 1.0
# says: left out
def mass_inside(gate, boxes):
    shares = np.zeros(len(gate))
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        shares[i] = gate[i, top:bottom - 1, left:right - 1].sum() / gate[i].sum()
    return shares
