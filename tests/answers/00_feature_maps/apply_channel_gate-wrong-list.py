# exercise: apply_channel_gate
# kind: wrong
# score: 2.75
# says: type list
def apply_channel_gate(x, gate):
    return (x * gate[:, None, None, :]).tolist()
