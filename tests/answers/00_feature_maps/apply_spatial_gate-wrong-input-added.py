# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: input is added
def apply_spatial_gate(x, gate):
    return x * gate[..., None] + x
