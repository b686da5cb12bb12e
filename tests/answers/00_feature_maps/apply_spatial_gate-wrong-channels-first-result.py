# exercise: apply_spatial_gate
# kind: wrong
# score: 0.5
# says: shape
def apply_spatial_gate(x, gate):
    return x.transpose(0, 3, 1, 2) * gate[:, None]
