# exercise: spatial_attention
# kind: wrong
# score: 1
# says: one map
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    mean = ops.mean(maps, axis=-1, keepdims=True)
    peak = ops.max(maps, axis=-1, keepdims=True)
    pooled = layers.add([mean, peak])
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
