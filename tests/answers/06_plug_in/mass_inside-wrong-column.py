# exercise: mass_inside
# kind: wrong
# score: 0.5
# says: left over
def mass_inside(gate, boxes):
    return np.array([[g[t:b, l:r].sum() / g.sum()] for g, (t, l, b, r) in zip(gate, boxes)])
