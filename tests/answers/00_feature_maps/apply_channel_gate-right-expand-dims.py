# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    return np.multiply(np.expand_dims(gate, axis=(1, 2)), x)
