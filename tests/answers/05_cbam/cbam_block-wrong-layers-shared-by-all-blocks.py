# exercise: cbam_block
# kind: wrong
# score: 5.75
# says: share
from keras import layers, ops

made = {}


def shared(c, ratio, size):
    if (c, ratio, size) not in made:
        conv = layers.Conv2D(1, size, padding="same", use_bias=False, activation="sigmoid")
        made[c, ratio, size] = layers.Dense(c // ratio, activation="relu"), layers.Dense(c), conv
    return made[c, ratio, size]


def cbam_block(x, ratio=16, kernel_size=7):
    first, second, conv = shared(x.shape[-1], ratio, kernel_size)
    logits = sum(second(first(pool(x, axis=(1, 2), keepdims=True))) for pool in (ops.mean, ops.max))
    x = x * ops.sigmoid(logits)
    return x * conv(ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1))
