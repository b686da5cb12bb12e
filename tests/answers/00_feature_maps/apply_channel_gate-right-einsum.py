# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    return np.einsum("bhwc,bc->bhwc", x, gate)
