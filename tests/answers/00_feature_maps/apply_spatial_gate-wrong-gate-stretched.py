# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: gate itself
def apply_spatial_gate(x, gate):
    return np.broadcast_to(gate[..., None], x.shape)
