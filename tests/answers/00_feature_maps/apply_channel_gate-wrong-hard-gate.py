# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: values are wrong
def apply_channel_gate(x, gate):
    return x * (gate > 0.5)[:, None, None, :]
