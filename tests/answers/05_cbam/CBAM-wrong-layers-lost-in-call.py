# exercise: CBAM
# kind: wrong
# score: 0.75
# says: no weights
from keras import layers, ops

@keras.saving.register_keras_serializable(package="course")
class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def call(self, x):
        c = x.shape[-1]
        first = layers.Dense(c // self.ratio, activation="relu")
        second = layers.Dense(c)
        conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
        mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
        gate = ops.sigmoid(second(first(mean)) + second(first(largest)))
        refined = x * gate[:, None, None, :]
        pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
        return refined * conv(pooled)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}
