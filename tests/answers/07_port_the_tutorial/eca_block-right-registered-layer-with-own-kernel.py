# exercise: eca_block
# kind: right
# score: 5
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
