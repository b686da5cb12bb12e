# exercise: apply_spatial_gate
# kind: wrong
# score: 0.5
# says: shape
def apply_spatial_gate(x, gate):
    return np.einsum("bhwc,bhw->bhw", x, gate)
