# exercise: apply_spatial_gate
# kind: wrong
# score: 1
# says: first image
def apply_spatial_gate(x, gate):
    out = np.zeros_like(x)
    for b in range(len(x)):
        out[b] = x[b] * gate[b][..., None]
        return out
