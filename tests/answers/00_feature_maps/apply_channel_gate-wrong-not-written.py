# exercise: apply_channel_gate
# kind: wrong
# score: 0
# says: not written
def apply_channel_gate(x, gate):
    raise NotImplementedError
