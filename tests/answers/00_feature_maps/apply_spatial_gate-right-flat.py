# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    rows = x.reshape(-1, x.shape[-1])
    return (rows.T * gate.ravel()).T.reshape(x.shape)
