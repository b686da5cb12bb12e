# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: first image
def apply_channel_gate(x, gate):
    result = x.copy()
    result[0] = x[0] * gate[0]
    return result
