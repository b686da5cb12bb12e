# exercise: spatial_attention
# kind: right
# score: 4
from keras import ops

@keras.saving.register_keras_serializable(package="mine")
class Where(keras.layers.Layer):
    """A gate for each position."""

    def __init__(self, axis, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, shape):
        self.kernel = self.add_weight(shape=(7, 7, 2, 1), initializer="he_normal", name="kernel")

    def call(self, x):
        mean = ops.mean(x, axis=self.axis, keepdims=True)
        peak = ops.max(x, axis=self.axis, keepdims=True)
        pooled = ops.concatenate([mean, peak], axis=self.axis)
        if self.axis == 1:
            pooled = ops.transpose(pooled, (0, 2, 3, 1))
        gate = ops.sigmoid(ops.conv(pooled, self.kernel, padding="same", data_format="channels_last"))
        return x * (ops.transpose(gate, (0, 3, 1, 2)) if self.axis == 1 else gate)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


def spatial_attention(input_feature):
    return Where(1 if keras.config.image_data_format() == "channels_first" else 3)(input_feature)
