# exercise: se_block
# kind: right
# score: 4
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    x = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    channels = x.shape[-1]
    gate = layers.GlobalAveragePooling2D(keepdims=True, data_format="channels_last")(x)
    gate = layers.Conv2D(max(1, channels // ratio), 1, activation="relu", data_format="channels_last")(gate)
    gate = layers.Conv2D(channels, 1, activation="sigmoid", data_format="channels_last")(gate)
    x = layers.Multiply()([x, gate])
    return layers.Permute((3, 1, 2))(x) if first else x
