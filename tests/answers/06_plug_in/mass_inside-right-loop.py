# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    shares = np.zeros(len(gate))
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
    return shares
