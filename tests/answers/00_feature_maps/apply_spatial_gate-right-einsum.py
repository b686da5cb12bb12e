# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    return np.einsum("bhw,bhwc->bhwc", gate, x)
