# exercise: CBAM
# kind: wrong
# score: 4.5
# says: refined map
from keras import layers, ops

@keras.saving.register_keras_serializable(package="course")
class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def build(self, input_shape):
        c = input_shape[-1]
        self.first = layers.Dense(c // self.ratio, activation="relu")
        self.second = layers.Dense(c)
        self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
        self.first.build((None, c))
        self.second.build((None, c // self.ratio))
        self.conv.build((None, None, None, 2))
        super().build(input_shape)

    def call(self, x):
        mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
        gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
        refined = x * gate[:, None, None, :]
        pooled = ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)
        return refined * self.conv(pooled)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}
