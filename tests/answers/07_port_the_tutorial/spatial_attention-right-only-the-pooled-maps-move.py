# exercise: spatial_attention
# kind: right
# score: 4
from keras import layers, ops

def spatial_attention(input_feature):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    gate = layers.Conv2D(
        1, 7, padding="same", use_bias=False, kernel_initializer="he_normal", data_format="channels_last"
    )(pooled)
    return input_feature * ops.expand_dims(ops.sigmoid(gate[..., 0]), axis)
