# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: first layer stands there twice
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    second = layers.Dense(c)
    s = second(layers.Dense(c // ratio, activation="relu")(a)) + second(layers.Dense(c // ratio, activation="relu")(m))
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
