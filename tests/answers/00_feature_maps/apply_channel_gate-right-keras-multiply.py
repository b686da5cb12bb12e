# exercise: apply_channel_gate
# kind: right
# score: 3
def apply_channel_gate(x, gate):
    return keras.layers.Multiply()([x, gate])
