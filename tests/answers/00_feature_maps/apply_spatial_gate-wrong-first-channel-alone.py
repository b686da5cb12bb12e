# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: values are wrong
def apply_spatial_gate(x, gate):
    result = np.copy(x)
    result[..., 0] *= gate
    return result
