# %% right told-the-format
from keras import layers

import math


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    size = int(abs((math.log2(channels) + b) / gamma))
    size = size if size % 2 else size + 1
    label = "eca_layer_" + name if name else None
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Reshape((channels, 1))(gate)
    gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
    gate = layers.Activation("sigmoid")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])

# %% right one-row-convolution
from keras import layers, ops

from math import log2


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.backend.image_data_format() == "channels_first"
    place = (2, 3) if first else (1, 2)
    z = ops.mean(input_feature, axis=place)  # (B, C)
    size = int(abs((log2(z.shape[1]) + b) / gamma))
    if size % 2 == 0:
        size += 1
    row = z[:, None, :, None]  # one row, C columns, depth 1
    conv = layers.Conv2D(1, (1, size), padding="same", use_bias=False, data_format="channels_last",
                         name=("eca_layer_" + name) or None if name else None)
    gate = ops.sigmoid(conv(row))[:, 0, :, 0]
    return input_feature * ops.expand_dims(gate, place)

# %% right registered-layer-with-own-kernel
from keras import ops

import math


@keras.saving.register_keras_serializable(package="mine")
class Line(keras.layers.Layer):
    """A kernel along the channels, as shifted sums."""

    def __init__(self, size, first, **kwargs):
        super().__init__(**kwargs)
        self.size, self.first = size, first

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.size,), initializer="he_normal")

    def call(self, x):
        place = (2, 3) if self.first else (1, 2)
        z = ops.mean(x, axis=place)
        count, edge = z.shape[1], self.size // 2
        z = ops.pad(z, ((0, 0), (edge, edge)))
        logits = sum(self.kernel[i] * z[:, i : i + count] for i in range(self.size))
        return x * ops.expand_dims(ops.sigmoid(logits), place)

    def get_config(self):
        return {**super().get_config(), "size": self.size, "first": self.first}


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.config.image_data_format() == "channels_first"
    size = int(abs((math.log(input_feature.shape[1 if first else 3], 2) + b) / gamma))
    return Line(size if size % 2 else size + 1, first, name="eca_layer_" + name if name else None)(input_feature)

# %% right steps-whatever-the-format
from keras import layers

def eca_block(input_feature, b=1, gamma=2, name=""):
    """The channels are moved to where Conv1D looks for its steps in the format of the moment."""
    last = keras.config.image_data_format() == "channels_last"
    channels = input_feature.shape[-1 if last else 1]
    size = int(abs((np.log2(channels) + b) / gamma))
    size += 1 - size % 2
    z = layers.GlobalAveragePooling2D()(input_feature)
    steps = layers.Reshape((channels, 1))(z)
    if name:
        conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid", name=f"eca_layer_{name}",
                             data_format="channels_last")
    else:
        conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid",
                             data_format="channels_last")
    gate = conv(steps)
    shape = [1, 1, 1]
    shape[2 if last else 0] = channels
    return input_feature * layers.Reshape(tuple(shape))(gate)

# %% wrong natural-logarithm: 3.25, "number the formula gives", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# +     size = int(abs((math.log(channels) + b) / gamma))

# %% wrong at-least-three: 4.5, "formula", like right told-the-format
# -     size = size if size % 2 else size + 1
# +     size = max(3, size if size % 2 else size + 1)

# %% wrong b-and-gamma-exchanged: 1.25, "gamma", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# +     size = int(abs((math.log2(channels) + gamma) / b))

# %% wrong b-ignored: 4.75, "gamma 1", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# +     size = int(abs((math.log2(channels) + 1) / gamma))

# %% wrong bias: 4.25, "bias", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(1, size, padding="same", data_format="channels_last", name=label)(gate)

# %% wrong channels-last-only: 3.5, "raised", like right told-the-format
# -     channels = input_feature.shape[1 if first else -1]
# +     channels = input_feature.shape[-1]

# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong conv-obeys-the-switch: 3.5, "must be unchanged", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(1, size, padding="same", use_bias=False, name=label)(gate)

# %% wrong default-name-twice: 4.5, "only once", like right told-the-format
# -     label = "eca_layer_" + name if name else None
# +     label = "eca_layer_" + name

# %% wrong dense-layer: 1.25, "dense", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Dense(channels, name=label)(layers.Reshape((channels,))(gate))

# %% wrong even-goes-down: 1.25, "formula", like right told-the-format
# -     size = size if size % 2 else size + 1
# +     size = size if size % 2 else size - 1

# %% wrong filters-of-all-channels: 1.25, "mixes all", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(channels, size, padding="same", use_bias=False, data_format="channels_last", name=label)(layers.Reshape((1, channels))(gate))

# %% wrong fixed-three: 4.25, "formula", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# -     size = size if size % 2 else size + 1
# +     size = 3

# %% wrong flipped: 2.75, "flipped", like right told-the-format
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.Reshape((channels, 1))(gate)
# +     gate = ops.flip(layers.Reshape((channels, 1))(gate), axis=1)
#       gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# -     gate = layers.Activation("sigmoid")(gate)
# +     gate = ops.flip(layers.Activation("sigmoid")(gate), axis=1)

# %% wrong gamma-forgotten: 1.5, "too large for this number", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# +     size = int(abs(math.log2(channels) + b))

# %% wrong gate-added: 2.75, "multiplies", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return layers.add([input_feature, gate])

# %% wrong gate-alone: 2.75, "gate itself", like right told-the-format
# - from keras import layers
# + from keras import layers, ops

# -     return layers.multiply([input_feature, gate])
# +     return layers.multiply([ops.ones_like(input_feature), gate])

# %% wrong gate-of-nothing: 0.75, "does the gate come from the input", like right told-the-format
# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = keras.ops.ones((1, channels))

# %% wrong gate-on-columns: 3.5, "columns", like right told-the-format
# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong input-added: 2.75, "residual", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return input_feature + layers.multiply([input_feature, gate])

# %% wrong keras-shape: 0, "_keras_shape", like right told-the-format
# -     channels = input_feature.shape[1 if first else -1]
# +     channels = input_feature._keras_shape[1 if first else -1]

# %% wrong kernel-for-each-channel: 1.25, "one kernel is shared by all", like right told-the-format
# -     gate = layers.Reshape((channels, 1))(gate)
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Reshape((1, channels))(gate)
# +     gate = layers.DepthwiseConv1D(size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)

# %% wrong max-pooling: 2.75, "max", like right told-the-format
# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = layers.GlobalMaxPooling2D()(input_feature)

# %% wrong no-padding: 0, "raised", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(1, size, use_bias=False, data_format="channels_last", name=label)(gate)

# %% wrong no-sigmoid: 2.75, "sigmoid", like right told-the-format
# -     gate = layers.Activation("sigmoid")(gate)

# %% wrong not-made-odd: 1.25, "even size", like right told-the-format
# -     size = size if size % 2 else size + 1

# %% wrong relu-before-sigmoid: 2.75, "ReLU", like right told-the-format
# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", activation="relu", name=label)(gate)

# %% wrong rounded: 4.5, "formula", like right told-the-format
# -     size = int(abs((math.log2(channels) + b) / gamma))
# +     size = round(abs((math.log2(channels) + b) / gamma))

# %% wrong wraps-around: 2.75, "neighbours", like right told-the-format
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(gate)
# +     gate = layers.Conv1D(1, size, use_bias=False, data_format="channels_last", name=label)(
# +         ops.concatenate([gate[:, channels - size // 2 :], gate, gate[:, : size // 2]], axis=1)
# +     )

# %% wrong not-written: 0, "not written"
def eca_block(input_feature, b=1, gamma=2, name=""):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong one-number-in-channels-first: 3.5, "one number gates the whole image"
from keras import layers, ops

import math


def eca_block(input_feature, b=1, gamma=2, name=""):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    size = int(abs((math.log2(channels) + b) / gamma))
    size = size if size % 2 else size + 1
    label = "eca_layer_" + name if name else None
    gate = layers.Reshape((channels, 1))(layers.GlobalAveragePooling2D()(input_feature))
    gate = ops.sigmoid(layers.Conv1D(1, size, padding="same", use_bias=False, name=label)(gate))
    return input_feature * (gate[..., None] if first else ops.transpose(gate, (0, 2, 1))[:, None])
