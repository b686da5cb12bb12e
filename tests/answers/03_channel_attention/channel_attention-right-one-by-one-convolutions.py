# exercise: channel_attention
# kind: right
# score: 8
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Conv2D(c // ratio, 1, activation="relu", kernel_initializer="he_normal")
    second = layers.Conv2D(c, 1, kernel_initializer="he_normal")
    avg = layers.GlobalAveragePooling2D(keepdims=True)(x)
    mx = layers.GlobalMaxPooling2D(keepdims=True)(x)
    gate = ops.sigmoid(second(first(avg)) + second(first(mx)))
    return x * gate
