# exercise: apply_spatial_gate
# kind: wrong
# score: 2.75
# says: changes
def apply_spatial_gate(x, gate):
    np.multiply(x, gate[..., None], out=x)
    return x
