# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: multiplies
def apply_channel_gate(x, gate):
    return x + gate[:, None, None, :]
