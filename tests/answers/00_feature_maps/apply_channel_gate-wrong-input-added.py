# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: input is added
def apply_channel_gate(x, gate):
    return x + x * gate[:, None, None, :]
