# exercise: apply_spatial_gate
# kind: right
# score: 3
def apply_spatial_gate(x, gate):
    out = np.zeros(x.shape)
    for b in range(x.shape[0]):
        for h in range(x.shape[1]):
            for w in range(x.shape[2]):
                out[b, h, w, :] = x[b, h, w, :] * gate[b, h, w]
    return out
