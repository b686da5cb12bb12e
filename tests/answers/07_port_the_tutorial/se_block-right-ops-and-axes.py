# exercise: se_block
# kind: right
# score: 4
from keras import layers, ops

def se_block(input_feature, ratio=8):
    if keras.config.image_data_format() == "channels_first":
        channel_axis, place = 1, (2, 3)
    else:
        channel_axis, place = 3, (1, 2)
    width = max(input_feature.shape[channel_axis] // ratio, 1)
    z = ops.mean(input_feature, axis=place)
    hidden = layers.Dense(width, activation="relu", kernel_initializer="he_normal")(z)
    logits = layers.Dense(input_feature.shape[channel_axis], kernel_initializer="he_normal")(hidden)
    return input_feature * ops.expand_dims(ops.sigmoid(logits), place)
