# exercise: se_block
# kind: right
# score: 8
from keras import layers

import sys
import warnings


def se_block(inputs, ratio=16):
    _, height, width, channels = inputs.shape
    print("building a block for", height, width, channels)
    print("ratio", ratio, file=sys.stderr)
    if channels % ratio:
        warnings.warn("the ratio does not divide the channels")
    pooled = layers.Lambda(lambda t: keras.ops.mean(t, axis=(1, 2), keepdims=True))(inputs)
    squeezed = layers.Dense(max(channels // ratio, 1), activation="relu")(pooled)
    excited = layers.Dense(channels)(squeezed)
    return layers.Lambda(lambda pair: pair[0] * keras.ops.sigmoid(pair[1]))([inputs, excited])
