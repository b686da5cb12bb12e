# exercise: cbam_block
# kind: right
# score: 4
from keras import layers, ops

def cbam_block(cbam_feature, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    place = (2, 3) if axis == 1 else (1, 2)
    x, channels = cbam_feature, cbam_feature.shape[axis]
    first_layer = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    second_layer = layers.Dense(channels, kernel_initializer="he_normal")
    logits = sum(second_layer(first_layer(pool(x, axis=place))) for pool in (ops.mean, ops.max))
    x = x * ops.expand_dims(ops.sigmoid(logits), place)
    d = ops.stack([ops.mean(x, axis=axis), ops.max(x, axis=axis)], axis=-1)
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        use_bias=False,
        kernel_initializer="he_normal",
        data_format="channels_last",
    )(d)
    return x * ops.expand_dims(ops.squeeze(gate, -1), axis)
