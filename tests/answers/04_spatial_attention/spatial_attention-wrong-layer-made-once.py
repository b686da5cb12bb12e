# exercise: spatial_attention
# kind: wrong
# score: 5.5
# says: share their weights
from keras import layers, ops

conv_7x7 = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")


def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    return x * conv_7x7(ops.concatenate([mean, largest], axis=-1))
