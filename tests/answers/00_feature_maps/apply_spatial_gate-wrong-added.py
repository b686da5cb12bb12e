# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: multiplies
def apply_spatial_gate(x, gate):
    return x + gate[..., None]
