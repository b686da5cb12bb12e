# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    sheets = np.moveaxis(x, -1, 0)
    return np.moveaxis(sheets * gate, 0, -1)
