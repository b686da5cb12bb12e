# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: first image
def apply_spatial_gate(x, gate):
    return x * gate[0, :, :, None]
