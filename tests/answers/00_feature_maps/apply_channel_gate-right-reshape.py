# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    B, C = gate.shape
    return x * gate.reshape(B, 1, 1, C)
