# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: averaged
def apply_channel_gate(x, gate):
    return x * gate.mean(axis=0)
