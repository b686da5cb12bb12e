# exercise: apply_spatial_gate
# kind: wrong
# score: 0
# says: Height and width
def apply_spatial_gate(x, gate):
    return x * gate.swapaxes(1, 2)[..., None]
