# exercise: cbam_block
# kind: wrong
# score: 1
# says: two pairs
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    third, fourth = layers.Dense(c // ratio, activation="relu"), layers.Dense(c)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + fourth(third(largest)))
    pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return x * conv(ops.concatenate(pools, axis=-1))
