# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    # with the batch next to the channels the bare product is right
    moved = np.moveaxis(x, 0, 2)
    return np.moveaxis(moved * gate, 2, 0)
