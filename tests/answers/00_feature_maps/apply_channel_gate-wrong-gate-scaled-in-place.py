# exercise: apply_channel_gate
# kind: wrong
# score: 0.75
# says: changes
def apply_channel_gate(x, gate):
    # open the widest gate fully
    gate /= gate.max(axis=1, keepdims=True)
    return x * gate[:, None, None, :]
