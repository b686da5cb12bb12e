# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: values are wrong
def apply_spatial_gate(x, gate):
    return x * gate.mean(axis=(1, 2))[:, None, None, None]
