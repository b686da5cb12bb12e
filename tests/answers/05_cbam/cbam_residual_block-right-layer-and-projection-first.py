# exercise: cbam_residual_block
# kind: right
# score: 7
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
        pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
        return refined * self.conv(pooled)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}


def conv_norm(x, filters, size, stride=1):
    x = layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def cbam_residual_block(x, filters, stride=1, ratio=16):
    project = stride > 1 or filters != x.shape[-1]
    shortcut = conv_norm(x, filters, 1, stride) if project else x
    branch = layers.Activation("relu")(conv_norm(x, filters, 3, stride))
    branch = CBAM(ratio)(conv_norm(branch, filters, 3))
    return ops.relu(layers.add([branch, shortcut]))
