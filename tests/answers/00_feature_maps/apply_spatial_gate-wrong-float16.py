# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: float16
def apply_spatial_gate(x, gate):
    return x.astype(np.float16) * gate[..., None].astype(np.float16)
