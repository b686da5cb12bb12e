# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    # an integral image: one corner sum minus two plus one
    table = np.pad(gate, ((0, 0), (1, 0), (1, 0))).cumsum(axis=1).cumsum(axis=2)
    i = np.arange(len(gate))
    t, l, b, r = boxes.T
    return (table[i, b, r] - table[i, t, r] - table[i, b, l] + table[i, t, l]) / table[i, -1, -1]
