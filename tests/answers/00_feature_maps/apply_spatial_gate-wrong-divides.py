# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: divides
def apply_spatial_gate(x, gate):
    return x / gate[..., None]
