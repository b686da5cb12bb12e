# exercise: apply_spatial_gate
# kind: wrong
# score: 0
# says: along width and channels
def apply_spatial_gate(x, gate):
    return x * gate[:, None]
