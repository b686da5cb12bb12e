# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: first image
def apply_channel_gate(x, gate):
    return x * gate[0]
