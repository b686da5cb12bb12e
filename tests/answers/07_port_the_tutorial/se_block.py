# %% right reshape-by-format
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
    gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])

# %% right moved-to-channels-last-and-back
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    x = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    channels = x.shape[-1]
    gate = layers.GlobalAveragePooling2D(keepdims=True, data_format="channels_last")(x)
    gate = layers.Conv2D(max(1, channels // ratio), 1, activation="relu", data_format="channels_last")(gate)
    gate = layers.Conv2D(channels, 1, activation="sigmoid", data_format="channels_last")(gate)
    x = layers.Multiply()([x, gate])
    return layers.Permute((3, 1, 2))(x) if first else x

# %% right ops-and-axes
from keras import layers, ops

def se_block(input_feature, ratio=8):
    if keras.config.image_data_format() == "channels_first":
        channel_axis, place = 1, (2, 3)
    else:
        channel_axis, place = 3, (1, 2)
    width = max(input_feature.shape[channel_axis] // ratio, 1)
    z = ops.mean(input_feature, axis=place)
    hidden = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(z)
    logits = layers.Dense(input_feature.shape[channel_axis], kernel_initializer="he_normal")(hidden)
    return input_feature * ops.expand_dims(ops.sigmoid(logits), place)

# %% right permute-as-it-was-meant
from keras.layers import Dense, GlobalAveragePooling2D, Permute, Reshape, multiply


def se_block(input_feature, ratio=8):
    channel_axis = 1 if keras.backend.image_data_format() == "channels_first" else -1
    channels = input_feature.shape[channel_axis]
    se = GlobalAveragePooling2D()(input_feature)
    se = Reshape((1, 1, channels))(se)
    se = Dense(
        channels // ratio if channels >= ratio else 1,
        activation="relu",
        kernel_initializer="he_normal",
        use_bias=True,
        bias_initializer="zeros",
    )(se)
    se = Dense(channels, activation="sigmoid", kernel_initializer="he_normal", bias_initializer="zeros")(se)
    if channel_axis == 1:
        se = Permute((3, 1, 2))(se)
    return multiply([input_feature, se])

# %% right registered-layer
from keras import layers, ops

@keras.saving.register_keras_serializable(package="mine")
class Excite(keras.layers.Layer):
    """Gate each channel; the axis of the channels is an argument."""

    def __init__(self, ratio, axis, **kwargs):
        super().__init__(**kwargs)
        self.ratio, self.axis = ratio, axis

    def build(self, shape):
        channels = shape[self.axis]
        self.reduce = layers.Dense(max(1, channels // self.ratio), activation="relu", kernel_initializer="he_normal")
        self.expand = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")
        self.reduce.build((None, channels))
        self.expand.build((None, self.reduce.units))

    def call(self, x):
        place = (2, 3) if self.axis == 1 else (1, 2)
        return x * ops.expand_dims(self.expand(self.reduce(ops.mean(x, axis=place))), place)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "axis": self.axis}


def se_block(input_feature, ratio=8):
    return Excite(ratio, 1 if keras.config.image_data_format() == "channels_first" else 3)(input_feature)

# %% wrong channels-last-only: 2.75, "columns", like right reshape-by-format
# -     first = keras.config.image_data_format() == "channels_first"
# -     channels = input_feature.shape[1 if first else -1]
# +     channels = input_feature.shape[-1]

# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong gate-added: 1.75, "multiplies", like right reshape-by-format
# -     return layers.multiply([input_feature, gate])
# +     return layers.add([input_feature, gate])

# %% wrong gate-alone: 1.75, "gate itself", like right reshape-by-format
# - from keras import layers
# + from keras import layers, ops

# -     return layers.multiply([input_feature, gate])
# +     return layers.multiply([ops.ones_like(input_feature), gate])

# %% wrong input-added: 1.75, "residual", like right reshape-by-format
# -     return layers.multiply([input_feature, gate])
# +     return layers.add([input_feature, layers.multiply([input_feature, gate])])

# %% wrong keras-shape: 0, "_keras_shape", like right reshape-by-format
# -     channels = input_feature.shape[1 if first else -1]
# +     channels = input_feature._keras_shape[1 if first else -1]

# %% wrong lambda-pool: 3.75, "Lambda", like right reshape-by-format
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = layers.Lambda(lambda t: ops.mean(t, axis=(2, 3) if first else (1, 2)), output_shape=(channels,))(input_feature)

# %% wrong max-pooling: 1.75, "max", like right reshape-by-format
# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = layers.GlobalMaxPooling2D()(input_feature)

# %% wrong multiple-of-eight: 1, "multiple of 8", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(8, (channels // ratio + 4) // 8 * 8), activation="relu", kernel_initializer="he_normal")(gate)

# %% wrong named-layers: 3.75, "only once", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal", name="reduce")(gate)

# %% wrong no-biases: 3.25, "Both biases", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal", use_bias=False)(gate)
# +     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal", use_bias=False)(gate)

# %% wrong no-first-bias: 3.25, "bias of the first layer", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(1, channels // ratio), activation="relu", use_bias=False)(gate)
# +     gate = layers.Dense(channels, activation="sigmoid")(gate)

# %% wrong no-relu: 1.75, "no ReLU", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(1, channels // ratio), kernel_initializer="he_normal")(gate)

# %% wrong no-return: 0, "None", like right reshape-by-format
# -     return layers.multiply([input_feature, gate])
# +     layers.multiply([input_feature, gate])

# %% wrong no-second-bias: 3.25, "bias of the second layer", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(max(1, channels // ratio), activation="relu")(gate)
# +     gate = layers.Dense(channels, activation="sigmoid", use_bias=False)(gate)

# %% wrong no-sigmoid: 1.75, "sigmoid", like right reshape-by-format
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels, kernel_initializer="he_normal")(gate)

# %% wrong permute-switched-off: 2.75, "columns", like right reshape-by-format
# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong rate-as-width: 1, "ratio is taken", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(ratio, activation="relu", kernel_initializer="he_normal")(gate)

# %% wrong ratio-of-sixteen: 3.75, "16 channels", like right reshape-by-format
# - def se_block(input_feature, ratio=8):
# + def se_block(input_feature, ratio=16):

# %% wrong relu-before: 1.75, "before the block", like right reshape-by-format
#       channels = input_feature.shape[1 if first else -1]
# +     input_feature = layers.Activation("relu")(input_feature)

# %% wrong relu-twice: 1.75, "one half", like right reshape-by-format
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels, activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Activation("sigmoid")(gate)

# %% wrong rounded-up: 2.75, "rounded up", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(-(-channels // ratio), activation="relu")(gate)
# +     gate = layers.Dense(channels, activation="sigmoid")(gate)

# %% wrong softmax: 1.75, "softmax", like right reshape-by-format
# -     gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels, activation="softmax", kernel_initializer="he_normal")(gate)

# %% wrong sum: 1.75, "does not divide", like right reshape-by-format
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = ops.sum(input_feature, axis=(2, 3) if first else (1, 2))

# %% wrong switch-left-on: 2.75, "values are wrong", like right reshape-by-format
#   def se_block(input_feature, ratio=8):
# +     keras.config.set_image_data_format("channels_last")

# %% wrong unregistered-layer: 3.75, "class of yours", like right reshape-by-format
# - from keras import layers
# + from keras import layers, ops
# +
# + class Pool(keras.layers.Layer):
# +     def call(self, x):
# +         return ops.mean(x, axis=(2, 3) if keras.config.image_data_format() == "channels_first" else (1, 2))
# +

# -     gate = layers.GlobalAveragePooling2D()(input_feature)
# +     gate = Pool()(input_feature)

# %% wrong wider: 1, "wider", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels * ratio, activation="relu", kernel_initializer="he_normal")(gate)

# %% wrong width-a-fraction: 0, "whole number", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels / ratio, activation="relu", kernel_initializer="he_normal")(gate)

# %% wrong width-zero: 3.75, "at least 1", like right reshape-by-format
# -     gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
# +     gate = layers.Dense(channels // ratio, activation="relu", kernel_initializer="he_normal")(gate)

# %% wrong format-read-too-early: 2.75, "columns"
from keras import layers

FIRST = keras.config.image_data_format() == "channels_first"


def se_block(input_feature, ratio=8):
    channels = input_feature.shape[1 if FIRST else -1]
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
    gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
    gate = layers.Reshape((channels, 1, 1) if FIRST else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])

# %% wrong input-returned: 0.75, "does the gate come from the input"
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(max(1, channels // ratio), activation="relu")(gate)
    gate = layers.Dense(channels, activation="sigmoid")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    layers.multiply([input_feature, gate])
    return layers.Activation("linear")(input_feature)

# %% wrong not-written: 0, "not written"
def se_block(input_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
