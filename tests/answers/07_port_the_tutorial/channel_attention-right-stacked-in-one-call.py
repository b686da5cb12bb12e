# exercise: channel_attention
# kind: right
# score: 4
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    """Mean and max as two rows of one tensor, through the layers once, then added."""
    last = keras.config.image_data_format() == "channels_last"
    place = [1, 2] if last else [2, 3]
    rows = ops.stack([ops.mean(input_feature, axis=place), ops.max(input_feature, axis=place)], axis=1)
    channels = rows.shape[-1]
    rows = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")(rows)
    rows = layers.Dense(channels, kernel_initializer="he_normal")(rows)
    gate = ops.sigmoid(ops.sum(rows, axis=1))
    target = (1, 1, channels) if last else (channels, 1, 1)
    return layers.Multiply()([layers.Reshape(target)(gate), input_feature])
