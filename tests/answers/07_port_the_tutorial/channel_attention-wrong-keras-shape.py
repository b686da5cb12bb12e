# exercise: channel_attention
# kind: wrong
# score: 0
# says: _keras_shape
from keras import layers

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature._keras_shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(channels, kernel_initializer="he_normal")
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
