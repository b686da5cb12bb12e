# exercise: mass_inside
# kind: wrong
# score: 3.75
# says: list
def mass_inside(gate, boxes):
    return [float(g[t:b, l:r].sum() / g.sum()) for g, (t, l, b, r) in zip(gate, boxes)]
