# exercise: eca_block
# kind: wrong
# score: 3
# says: size 3
from keras import layers

def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    k = 3
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((c, 1))(s)
    s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
    s = layers.Activation("sigmoid")(s)
    s = layers.Reshape((1, 1, c))(s)
    return layers.Multiply()([x, s])
