# exercise: residual_with_cbam
# kind: wrong
# score: 0.5
# says: no norms behind
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu")
    expand = layers.Dense(channels)
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])


def spatial_attention(input_feature):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    conv = layers.Conv2D(1, 7, padding="same", use_bias=False, data_format="channels_last", activation="sigmoid")
    return input_feature * ops.expand_dims(conv(pooled)[..., 0], axis)


def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))


def residual_with_cbam(x, filters, strides=1, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    y = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    y = layers.Activation("relu")(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = cbam_block(y, ratio)
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
    return layers.Activation("relu")(layers.add([shortcut, y]))
