# %% shared
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(channels, kernel_initializer="he_normal")
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])


def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    mean = ops.mean(maps, axis=-1, keepdims=True)
    peak = ops.max(maps, axis=-1, keepdims=True)
    pooled = layers.Concatenate(axis=-1)([mean, peak])
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    if first:
        gate = layers.Permute((3, 1, 2))(gate)
    return layers.multiply([input_feature, gate])


def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))

# %% right straight, after shared
def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(axis=axis)(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(axis=axis)(y)
    y = cbam_block(y, ratio)
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        shortcut = layers.BatchNormalization(axis=axis)(shortcut)
    return layers.Activation("relu")(layers.add([shortcut, y]))

# %% right registered-layer-shortcut-made-first, after shared
@keras.saving.register_keras_serializable(package="mine")
class Branches(keras.layers.Layer):
    """Shortcut and F(x), as a pair."""

    def __init__(self, filters, strides, axis, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.strides, self.axis = filters, strides, axis

    def build(self, shape):
        def pair(size, strides, given):
            conv = layers.Conv2D(self.filters, size, strides=strides, padding="same", use_bias=False)
            conv.build(given)
            norm = layers.BatchNormalization(axis=self.axis)
            norm.build(conv.compute_output_shape(given))
            return conv, norm

        self.project = None
        if self.strides != 1 or shape[self.axis] != self.filters:
            self.project, self.project_norm = pair(1, self.strides, shape)
        self.conv1, self.norm1 = pair(3, self.strides, shape)
        self.conv2, self.norm2 = pair(3, 1, self.conv1.compute_output_shape(shape))

    def call(self, x, training=None):
        shortcut = x
        if self.project is not None:
            shortcut = self.project_norm(self.project(x), training=training)
        hidden = ops.relu(self.norm1(self.conv1(x), training=training))
        return shortcut, self.norm2(self.conv2(hidden), training=training)

    def get_config(self):
        return {**super().get_config(), "filters": self.filters, "strides": self.strides, "axis": self.axis}


def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    shortcut, branch = Branches(filters, strides, axis)(x)
    return layers.Activation("relu")(layers.add([shortcut, cbam_block(branch, ratio)]))

# %% right sequential-branch, after shared
def residual_with_cbam(x, filters, strides=1, ratio=8):
    """The branch and the shortcut as two small models."""
    axis = {"channels_first": 1, "channels_last": -1}[keras.config.image_data_format()]
    branch = keras.Sequential(
        [
            layers.Conv2D(filters, (3, 3), strides=(strides, strides), padding="same", use_bias=False),
            layers.BatchNormalization(axis),
            layers.ReLU(),
            layers.Conv2D(filters, (3, 3), padding="same", use_bias=False),
            layers.BatchNormalization(axis),
        ]
    )
    y = cbam_block(branch(x), ratio)
    if strides == 1 and x.shape[axis] == filters:
        return layers.ReLU()(layers.Add()([x, y]))
    project = keras.Sequential(
        [
            layers.Conv2D(filters, (1, 1), strides=(strides, strides), padding="same", use_bias=False),
            layers.BatchNormalization(axis),
        ]
    )
    return layers.ReLU()(layers.Add()([project(x), y]))

# %% right shortcut-first-and-ops, after shared
def conv_norm(x, filters, size, strides, axis):
    x = layers.Conv2D(filters, size, strides=strides, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.BatchNormalization(axis=axis)(x)


def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 3 if keras.config.image_data_format() == "channels_last" else 1
    same = strides == 1 and x.shape[axis] == filters
    shortcut = x if same else conv_norm(x, filters, 1, strides, axis)
    branch = ops.relu(conv_norm(x, filters, 3, strides, axis))
    branch = cbam_block(conv_norm(branch, filters, 3, 1, axis), ratio=ratio)
    return ops.relu(shortcut + branch)

# %% wrong always-projects: 3.75, "input itself", like right straight
# -     if strides != 1 or x.shape[axis] != filters:
# +     if True:

# %% wrong attention-after-addition: 2.5, "behind the addition", like right straight
# -     y = cbam_block(y, ratio)

# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.Activation("relu")(cbam_block(layers.add([shortcut, y]), ratio))

# %% wrong attention-after-last-relu: 2.5, "behind the addition", like right straight
# -     y = cbam_block(y, ratio)

# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return cbam_block(layers.Activation("relu")(layers.add([shortcut, y])), ratio)

# %% wrong attention-on-the-shortcut: 2.5, "on the shortcut", like right straight
# -     y = cbam_block(y, ratio)

# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.Activation("relu")(layers.add([cbam_block(shortcut, ratio), y]))

# %% wrong convolution-biases: 3, "Every convolution has a bias", like right straight
# -     y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, strides=strides, padding="same")(x)

# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, padding="same")(y)

# -         shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
# +         shortcut = layers.Conv2D(filters, 1, strides=strides)(x)

# %% wrong never-projects: 1.5, "raised", like right straight
# -     if strides != 1 or x.shape[axis] != filters:
# +     if False:

# %% wrong no-attention: 0.5, "no CBAM", like right straight
# -     y = cbam_block(y, ratio)

# %% wrong no-last-relu: 2.5, "ReLU after the addition", like right straight
# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.add([shortcut, y])

# %% wrong no-shortcut: 0.5, "shortcut is missing", like right straight
# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.Activation("relu")(y)

# %% wrong relu-before-addition: 2.5, "before the addition", like right straight
# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.add([shortcut, layers.Activation("relu")(y)])

# %% wrong relu-before-attention: 2.5, "before the attention", like right straight
# -     y = cbam_block(y, ratio)
# +     y = cbam_block(layers.Activation("relu")(y), ratio)

# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.add([shortcut, y])

# %% wrong shortcut-twice: 2.5, "counted twice", like right straight
# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.Activation("relu")(layers.add([shortcut, shortcut, y]))

# %% wrong strides-in-the-second: 3.75, "values are wrong", like right straight
# -     y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)

# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(y)

# %% wrong triple-sum: 2.5, "Three things", like right straight
# -     y = cbam_block(y, ratio)
# +     attended = cbam_block(y, ratio)

# -     return layers.Activation("relu")(layers.add([shortcut, y]))
# +     return layers.Activation("relu")(layers.add([shortcut, y, attended]))

# %% wrong shortcut-without-norm: 1.75, "shortcut has no norm"
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu")
    expand = layers.Dense(channels)
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])


def spatial_attention(input_feature):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    conv = layers.Conv2D(1, 7, padding="same", use_bias=False, data_format="channels_last", activation="sigmoid")
    return input_feature * ops.expand_dims(conv(pooled)[..., 0], axis)


def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))


def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(axis=axis)(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(axis=axis)(y)
    y = cbam_block(y, ratio)
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
    return layers.Activation("relu")(layers.add([shortcut, y]))

# %% wrong attention-alone: 0.5, "3x3 convolutions are missing", like wrong shortcut-without-norm
# -     y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
# -     y = layers.BatchNormalization(axis=axis)(y)
# -     y = layers.Activation("relu")(y)
# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# -     y = layers.BatchNormalization(axis=axis)(y)
# -     y = cbam_block(y, ratio)

#           shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
# +         shortcut = layers.BatchNormalization(axis=axis)(shortcut)
# +     y = cbam_block(shortcut, ratio)

# %% wrong attention-behind-each-convolution: 0.5, "two CBAMs", like wrong shortcut-without-norm
# -     y = layers.Activation("relu")(y)
# +     y = layers.Activation("relu")(cbam_block(y, ratio))

#           shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
# +         shortcut = layers.BatchNormalization(axis=axis)(shortcut)

# %% wrong biases-on-the-branch: 3, "two of the convolutions have a bias", like wrong shortcut-without-norm
# -     y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, strides=strides, padding="same")(x)

# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, padding="same")(y)

#           shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
# +         shortcut = layers.BatchNormalization(axis=axis)(shortcut)

# %% wrong no-norms: 0.5, "no norms behind", like wrong shortcut-without-norm
#       y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
# -     y = layers.BatchNormalization(axis=axis)(y)

#       y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# -     y = layers.BatchNormalization(axis=axis)(y)

# %% wrong one-bias: 3, "one of the convolutions has a bias", like wrong shortcut-without-norm
# -         shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
# +         shortcut = layers.Conv2D(filters, 1, strides=strides)(x)
# +         shortcut = layers.BatchNormalization(axis=axis)(shortcut)

# %% wrong norm-on-the-wrong-axis: 4, "global setting", after shared
def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    y = cbam_block(y, ratio)
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        shortcut = layers.BatchNormalization()(shortcut)
    return layers.Activation("relu")(layers.add([shortcut, y]))

# %% wrong not-written: 0, "not written"
def residual_with_cbam(x, filters, strides=1, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong snippet-as-found: 0.25, "weights", after shared
def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    residual = layers.Conv2D(filters, 1, strides=strides, padding="same")(x)
    residual = layers.BatchNormalization(axis=axis)(residual)
    attended = cbam_block(residual, ratio)
    return layers.Activation("relu")(layers.add([x, residual, attended]))
