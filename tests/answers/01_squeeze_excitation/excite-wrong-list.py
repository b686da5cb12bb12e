# exercise: excite
# kind: wrong
# score: 4.75
# says: type list
def excite(z, w1, b1, w2, b2):
    gates = []
    for row in z:
        hidden = np.maximum(row @ w1 + b1, 0)
        gates.append(1 / (1 + np.exp(-(hidden @ w2 + b2))))
    return gates
