# exercise: apply_channel_gate
# kind: wrong
# score: 1
# says: sigmoid
def apply_channel_gate(x, gate):
    gate = 1 / (1 + np.exp(-gate))
    return x * gate[:, np.newaxis, np.newaxis]
