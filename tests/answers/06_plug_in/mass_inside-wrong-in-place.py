# exercise: mass_inside
# kind: wrong
# score: 3.75
# says: changes what it was given
def mass_inside(gate, boxes):
    gate /= gate.sum(axis=(1, 2), keepdims=True)
    return np.array([g[t:b, l:r].sum() for g, (t, l, b, r) in zip(gate, boxes)])
