# exercise: apply_spatial_gate
# kind: wrong
# score: 0
# says: print
def apply_spatial_gate(x, gate):
    print(x * gate[..., None])
