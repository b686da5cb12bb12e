# exercise: apply_channel_gate
# kind: wrong
# score: 0.5
# says: shape
def apply_channel_gate(x, gate):
    return x.mean(axis=(1, 2)) * gate
