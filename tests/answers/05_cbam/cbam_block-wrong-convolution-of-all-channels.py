# exercise: cbam_block
# kind: wrong
# score: 1
# says: sees all channels
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
    return x * ops.sigmoid(conv(x))
