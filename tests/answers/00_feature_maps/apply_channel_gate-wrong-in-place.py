# exercise: apply_channel_gate
# kind: wrong
# score: 2.75
# says: changes
def apply_channel_gate(x, gate):
    x *= gate[:, None, None, :]
    return x
