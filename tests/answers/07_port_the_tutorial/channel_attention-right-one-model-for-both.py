# exercise: channel_attention
# kind: right
# score: 4
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    place = (2, 3) if keras.config.image_data_format() == "channels_first" else (1, 2)
    mean, peak = ops.mean(input_feature, axis=place), ops.max(input_feature, axis=place)
    channels = mean.shape[-1]
    mlp = keras.Sequential(
        [
            keras.Input((channels,)),
            layers.Dense(channels // ratio or 1, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(channels, kernel_initializer="he_normal"),
        ]
    )
    return input_feature * ops.expand_dims(ops.sigmoid(mlp(mean) + mlp(peak)), place)
