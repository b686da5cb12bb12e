# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: values are wrong
def apply_channel_gate(x, gate):
    x * gate[:, None, None, :]
    return x
