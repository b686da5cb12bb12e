# exercise: eca_block
# kind: right
# score: 5
from keras import layers

def eca_block(input_feature, b=1, gamma=2, name=""):
    """The channels are moved to where Conv1D looks for its steps in the format of the moment."""
    last = keras.config.image_data_format() == "channels_last"
    channels = input_feature.shape[-1 if last else 1]
    size = int(abs((np.log2(channels) + b) / gamma))
    size += 1 - size % 2
    z = layers.GlobalAveragePooling2D()(input_feature)
    steps = layers.Reshape((channels, 1))(z)
    if name:
        conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid", name=f"eca_layer_{name}",
                             data_format="channels_last")
    else:
        conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid",
                             data_format="channels_last")
    gate = conv(steps)
    shape = [1, 1, 1]
    shape[2 if last else 0] = channels
    return input_feature * layers.Reshape(tuple(shape))(gate)
