# exercise: se_block
# kind: wrong
# score: 1.75
# says: does not divide
from keras import layers, ops

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = ops.sum(input_feature, axis=(2, 3) if first else (1, 2))
    gate = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(gate)
    gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
