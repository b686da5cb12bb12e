# exercise: se_block
# kind: right
# score: 4
from keras.layers import Dense, GlobalAveragePooling2D, Permute, Reshape, multiply


def se_block(input_feature, ratio=8):
    channel_axis = 1 if keras.backend.image_data_format() == "channels_first" else -1
    channels = input_feature.shape[channel_axis]
    se = GlobalAveragePooling2D()(input_feature)
    se = Reshape((1, 1, channels))(se)
    se = Dense(
        channels // ratio if channels >= ratio else 1,
        activation="relu",
        kernel_initializer="he_normal",
        use_bias=True,
        bias_initializer="zeros",
    )(se)
    se = Dense(channels, activation="sigmoid", kernel_initializer="he_normal", bias_initializer="zeros")(se)
    if channel_axis == 1:
        se = Permute((3, 1, 2))(se)
    return multiply([input_feature, se])
