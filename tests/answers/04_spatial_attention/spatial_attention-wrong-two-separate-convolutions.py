# exercise: spatial_attention
# kind: wrong
# score: 1.5
# says: other shapes
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(ops.mean(x, axis=-1, keepdims=True))
    b = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(ops.max(x, axis=-1, keepdims=True))
    return x * ops.sigmoid(a + b)
