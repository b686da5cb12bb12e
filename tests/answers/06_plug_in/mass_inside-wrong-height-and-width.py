# exercise: mass_inside
# kind: wrong
# score: 1.0
# says: height and width
def mass_inside(gate, boxes):
    shares = np.zeros(len(gate))
    for i in range(len(gate)):
        top, left, height, width = boxes[i]
        shares[i] = gate[i, top:top + height, left:left + width].sum() / gate[i].sum()
    return shares
