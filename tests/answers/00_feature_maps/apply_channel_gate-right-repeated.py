# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    B, H, W, C = x.shape
    full = np.repeat(gate, H * W, axis=0).reshape(B, H, W, C)
    return full * x
