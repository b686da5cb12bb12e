# exercise: CBAM
# kind: right
# score: 8
from keras import ops

class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, name=None, **others):
        super().__init__(name=name, **others)
        self.settings = {"ratio": ratio, "kernel_size": kernel_size}

    def build(self, shape):
        c, k = int(shape[-1]), self.settings["kernel_size"]
        m = c // self.settings["ratio"]
        self.w1 = self.add_weight(name="w1", shape=(c, m))
        self.b1 = self.add_weight(name="b1", shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(name="w2", shape=(m, c))
        self.b2 = self.add_weight(name="b2", shape=(c,), initializer="zeros")
        self.kernel = self.add_weight(name="kernel", shape=(k, k, 2, 1))

    def call(self, x):
        total = 0
        for pool in (ops.mean, ops.max):
            v = pool(x, axis=(1, 2), keepdims=True)
            total = total + ops.relu(v @ self.w1 + self.b1) @ self.w2 + self.b2
        x = ops.sigmoid(total) * x
        d = ops.concatenate([pool(x, axis=3, keepdims=True) for pool in (ops.mean, ops.max)], axis=3)
        return ops.sigmoid(ops.conv(d, self.kernel, padding="same")) * x

    def get_config(self):
        config = super().get_config()
        config.update(self.settings)
        return config


keras.saving.register_keras_serializable()(CBAM)
