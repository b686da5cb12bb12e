# exercise: eca_block
# kind: wrong
# score: 1.75
# says: band of k weights
from keras import layers

def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c, use_bias=False, activation="sigmoid")(s)
    return layers.Multiply()([x, s])
