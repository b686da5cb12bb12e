# exercise: se_block
# kind: wrong
# score: 2.75
# says: rounded up
from keras import layers

def se_block(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(-(-channels // ratio), activation="relu")(gate)
    gate = layers.Dense(channels, activation="sigmoid")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
