# exercise: apply_spatial_gate
# kind: wrong
# score: 0
# says: raised ValueError
def apply_spatial_gate(x, gate):
    return x * gate.reshape(2, 3, 4, 1)
