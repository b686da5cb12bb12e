# exercise: apply_channel_gate
# kind: wrong
# score: 0
# says: return
def apply_channel_gate(x, gate):
    result = x * gate[:, None, None, :]
