# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers, ops

import itertools
counter = itertools.count()


def spatial_attention(inputs, kernel_size=7):
    print("block for", inputs.shape)
    n = next(counter)
    avg = ops.mean(inputs, axis=-1)[..., None]
    most = ops.max(inputs, axis=-1)[..., None]
    both = layers.Concatenate(axis=3, name=f"both_{n}")([avg, most])
    conv = layers.Conv2D(1, kernel_size, 1, "same", use_bias=False, activation=ops.sigmoid, name=f"conv_{n}")
    return layers.Multiply(name=f"out_{n}")([inputs, conv(both)])
