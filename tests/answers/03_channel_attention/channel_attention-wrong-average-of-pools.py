# exercise: channel_attention
# kind: wrong
# score: 3.25
# says: averaged before
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c, activation="sigmoid")
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    return layers.Multiply()([x, second(first(layers.Average()([a, m])))])
