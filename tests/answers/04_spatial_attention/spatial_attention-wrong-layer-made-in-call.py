# exercise: spatial_attention
# kind: wrong
# score: 1
# says: belong to the model
from keras import layers, ops

class Spatial(layers.Layer):
    def call(self, x):
        d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
        return x * layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)

    def compute_output_shape(self, shape):
        return shape


def spatial_attention(x, kernel_size=7):
    return Spatial()(x)
