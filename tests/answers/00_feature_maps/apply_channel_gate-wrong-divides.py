# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: divides
def apply_channel_gate(x, gate):
    return x / gate[:, None, None, :]
