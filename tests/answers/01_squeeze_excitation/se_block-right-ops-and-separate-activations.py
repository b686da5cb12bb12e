# exercise: se_block
# kind: right
# score: 8
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    z = ops.mean(x, axis=[1, 2])
    z = layers.Dense(int(c / ratio))(z)
    z = layers.ReLU()(z)
    z = layers.Dense(c)(z)
    gate = layers.Activation("sigmoid")(z)
    gate = ops.expand_dims(ops.expand_dims(gate, 1), 1)
    return ops.multiply(x, gate)
