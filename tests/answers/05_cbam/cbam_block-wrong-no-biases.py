# exercise: cbam_block
# kind: wrong
# score: 3.25
# says: both biases of the channel half
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu", use_bias=False)
    second = layers.Dense(c, use_bias=False)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    pools = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
    return x * ops.sigmoid(conv(pools))
