# exercise: apply_channel_gate
# kind: wrong
# score: 0
# says: bare
def apply_channel_gate(x, gate):
    return x * gate
