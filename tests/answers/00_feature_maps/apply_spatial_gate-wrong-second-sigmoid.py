# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: sigmoid
def apply_spatial_gate(x, gate):
    return x * (1 / (1 + np.exp(-gate)))[..., None]
