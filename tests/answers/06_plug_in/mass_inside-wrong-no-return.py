# exercise: mass_inside
# kind: wrong
# score: 0.0
# says: None
def mass_inside(gate, boxes):
    print([g[t:b, l:r].sum() / g.sum() for g, (t, l, b, r) in zip(gate, boxes)])
