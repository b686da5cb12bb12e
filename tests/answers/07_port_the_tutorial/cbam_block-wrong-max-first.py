# exercise: cbam_block
# kind: wrong
# score: 1.75
# says: max stands first
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(channels, kernel_initializer="he_normal")
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])


def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    mean = ops.mean(maps, axis=-1, keepdims=True)
    peak = ops.max(maps, axis=-1, keepdims=True)
    pooled = layers.Concatenate(axis=-1)([peak, mean])
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    if first:
        gate = layers.Permute((3, 1, 2))(gate)
    return layers.multiply([input_feature, gate])


def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))
