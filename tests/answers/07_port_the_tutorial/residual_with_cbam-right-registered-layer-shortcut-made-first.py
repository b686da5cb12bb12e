# exercise: residual_with_cbam
# kind: right
# score: 5
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
