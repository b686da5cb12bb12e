# exercise: channel_attention
# kind: right
# score: 4
from keras.layers import Activation, Dense, GlobalAveragePooling2D, GlobalMaxPooling2D, Permute, Reshape, add, multiply


def channel_attention(input_feature, ratio=8):
    channel_axis = 1 if keras.backend.image_data_format() == "channels_first" else -1
    channel = input_feature.shape[channel_axis]
    shared_layer_one = Dense(
        max(channel // ratio, 1),
        activation="relu",
        kernel_initializer="he_normal",
        use_bias=True,
        bias_initializer="zeros",
    )
    shared_layer_two = Dense(channel, kernel_initializer="he_normal", use_bias=True, bias_initializer="zeros")
    avg_pool = Reshape((1, 1, channel))(GlobalAveragePooling2D()(input_feature))
    avg_pool = shared_layer_two(shared_layer_one(avg_pool))
    max_pool = Reshape((1, 1, channel))(GlobalMaxPooling2D()(input_feature))
    max_pool = shared_layer_two(shared_layer_one(max_pool))
    cbam_feature = Activation("sigmoid")(add([avg_pool, max_pool]))
    if channel_axis == 1:
        cbam_feature = Permute((3, 1, 2))(cbam_feature)
    return multiply([input_feature, cbam_feature])
