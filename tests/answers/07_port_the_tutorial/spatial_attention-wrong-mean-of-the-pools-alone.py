# exercise: spatial_attention
# kind: wrong
# score: 0.75
# says: does the gate come from the input
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    axis = 1 if first else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    return input_feature * ops.expand_dims(ops.sigmoid(ops.mean(pooled, axis=-1)), axis)
