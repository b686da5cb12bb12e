# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    result = x.copy()
    for b in range(x.shape[0]):
        for c in range(x.shape[3]):
            result[b, :, :, c] *= gate[b, c]
    return result
