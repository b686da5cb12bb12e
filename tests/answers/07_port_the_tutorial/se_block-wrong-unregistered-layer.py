# exercise: se_block
# kind: wrong
# score: 3.75
# says: class of yours
from keras import layers, ops

class Pool(keras.layers.Layer):
    def call(self, x):
        return ops.mean(x, axis=(2, 3) if keras.config.image_data_format() == "channels_first" else (1, 2))


def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = Pool()(input_feature)
    gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
    gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
