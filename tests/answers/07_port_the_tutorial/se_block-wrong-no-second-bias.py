# exercise: se_block
# kind: wrong
# score: 3.25
# says: bias of the second layer
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(max(1, channels // ratio), activation="relu")(gate)
    gate = layers.Dense(channels, activation="sigmoid", use_bias=False)(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
