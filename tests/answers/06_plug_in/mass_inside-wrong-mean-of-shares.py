# exercise: mass_inside
# kind: wrong
# score: 0.25
# says: 0 axes
def mass_inside(gate, boxes):
    shares = [g[t:b, l:r].sum() / g.sum() for g, (t, l, b, r) in zip(gate, boxes)]
    return np.mean(shares)
