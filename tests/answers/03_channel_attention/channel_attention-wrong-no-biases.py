# exercise: channel_attention
# kind: wrong
# score: 4.5
# says: Both biases are missing
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu", use_bias=False)
    second = layers.Dense(c, use_bias=False)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
