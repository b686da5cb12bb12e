# exercise: cbam_residual_block
# kind: wrong
# score: 4.25
# says: to be a 1 x 1 convolution
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return x * conv(ops.concatenate(pools, axis=-1))


def cbam_residual_block(x, filters, stride=1, ratio=16):
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    s = x
    if stride != 1 or x.shape[-1] != filters:
        s = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
        s = layers.BatchNormalization()(s)
    return layers.ReLU()(s + cbam_block(y, ratio))
