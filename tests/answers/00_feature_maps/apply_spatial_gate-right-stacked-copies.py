# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    return np.stack([gate] * x.shape[-1], axis=-1) * x
