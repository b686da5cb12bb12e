# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    gate = np.expand_dims(gate, -1)
    return x * gate
