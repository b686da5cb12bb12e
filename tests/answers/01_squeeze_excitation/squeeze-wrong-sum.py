# exercise: squeeze
# kind: wrong
# score: 1
# says: divide
def squeeze(x):
    return np.einsum("bhwc->bc", x)
