# exercise: spatial_attention
# kind: wrong
# score: 3
# says: columns
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    maps = input_feature
    mean = ops.mean(maps, axis=-1, keepdims=True)
    peak = ops.max(maps, axis=-1, keepdims=True)
    pooled = layers.Concatenate(axis=-1)([mean, peak])
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    return layers.multiply([input_feature, gate])
