# exercise: apply_channel_gate
# kind: wrong
# score: 0.5
# says: shape
def apply_channel_gate(x, gate):
    return gate[:, None, None, :]
