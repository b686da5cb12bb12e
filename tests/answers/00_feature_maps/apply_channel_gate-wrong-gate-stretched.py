# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: gate itself
def apply_channel_gate(x, gate):
    return np.zeros_like(x) + gate[:, None, None, :]
