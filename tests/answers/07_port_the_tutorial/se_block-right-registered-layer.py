# exercise: se_block
# kind: right
# score: 4
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
