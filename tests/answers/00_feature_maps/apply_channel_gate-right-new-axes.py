# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    stretched = gate[:, None, None, :]
    return x * stretched
