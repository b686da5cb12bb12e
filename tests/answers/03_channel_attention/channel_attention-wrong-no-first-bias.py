# exercise: channel_attention
# kind: wrong
# score: 4.5
# says: bias of the first layer
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu", use_bias=False)
    second = layers.Dense(c)
    mean = second(first(layers.GlobalAveragePooling2D()(x)))
    largest = second(first(layers.GlobalMaxPooling2D()(x)))
    gate = ops.sigmoid(mean + largest)
    return x * layers.Reshape((1, 1, c))(gate)
