# exercise: spatial_attention
# kind: right
# score: 4
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.backend.image_data_format() == "channels_first"
    x = ops.moveaxis(input_feature, 1, -1) if first else input_feature
    pooled = ops.concatenate([ops.mean(x, -1, keepdims=True), ops.max(x, -1, keepdims=True)], axis=-1)
    gate = layers.Conv2D(
        filters=1,
        kernel_size=(7, 7),
        strides=1,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    y = x * gate
    return ops.moveaxis(y, -1, 1) if first else y
