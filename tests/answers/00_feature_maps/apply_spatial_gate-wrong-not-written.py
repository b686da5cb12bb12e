# exercise: apply_spatial_gate
# kind: wrong
# score: 0
# says: not written
def apply_spatial_gate(x, gate):
    raise NotImplementedError
