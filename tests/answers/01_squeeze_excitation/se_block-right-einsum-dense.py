# exercise: se_block
# kind: right
# score: 8
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    m = c // ratio
    z = layers.GlobalAveragePooling2D()(x)
    h = layers.EinsumDense("bc,cm->bm", output_shape=m, bias_axes="m", activation="relu")(z)
    s = layers.EinsumDense("bm,mc->bc", output_shape=c, bias_axes="c", activation="sigmoid")(h)
    return ops.einsum("bhwc,bc->bhwc", x, s)
