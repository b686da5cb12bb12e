# exercise: spatial_attention
# kind: wrong
# score: 1
# says: 1x1
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    axis = 1 if first else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    conv = layers.Conv2D(1, 1, padding="same", use_bias=False, data_format="channels_last", activation="sigmoid")
    return input_feature * ops.expand_dims(conv(pooled)[..., 0], axis)
