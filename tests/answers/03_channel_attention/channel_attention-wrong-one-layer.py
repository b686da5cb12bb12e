# exercise: channel_attention
# kind: wrong
# score: 1.75
# says: one layer where two
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    layer = layers.Dense(c)
    mean = layer(layers.GlobalAveragePooling2D()(x))
    largest = layer(layers.GlobalMaxPooling2D()(x))
    gate = ops.sigmoid(mean + largest)
    return x * layers.Reshape((1, 1, c))(gate)
