# exercise: channel_attention
# kind: wrong
# score: 7.5
# says: used 2 times
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu", name="shared_1")
    second = layers.Dense(c, name="shared_2")
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])
