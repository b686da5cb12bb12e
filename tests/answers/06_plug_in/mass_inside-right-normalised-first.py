# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    share = gate / np.sum(gate, axis=(1, 2), keepdims=True)
    return np.array([np.sum(s[slice(b[0], b[2]), slice(b[1], b[3])]) for s, b in zip(share, boxes)])
