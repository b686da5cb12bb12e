# exercise: apply_channel_gate
# kind: wrong
# score: 0
# says: along the height
def apply_channel_gate(x, gate):
    return x * gate[:, None, :]
