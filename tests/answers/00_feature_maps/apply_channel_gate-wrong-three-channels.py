# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: values are wrong
def apply_channel_gate(x, gate):
    result = x.copy()
    for c in range(3):
        result[..., c] = x[..., c] * gate[:, c, None, None]
    return result
