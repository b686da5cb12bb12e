# exercise: cbam_block
# kind: wrong
# score: 1
# says: 3x3
from keras import layers, ops

def cbam_block(cbam_feature, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    place = (2, 3) if axis == 1 else (1, 2)
    x, channels = cbam_feature, cbam_feature.shape[axis]
    one = layers.Dense(max(1, channels // ratio), activation="relu")
    two = layers.Dense(channels)
    logits = sum(two(one(pool(x, axis=place))) for pool in (ops.mean, ops.max))
    x = x * ops.expand_dims(ops.sigmoid(logits), place)
    d = ops.stack([ops.mean(x, axis=axis), ops.max(x, axis=axis)], axis=-1)
    conv = layers.Conv2D(1, 3, padding="same", use_bias=False, data_format="channels_last", activation="sigmoid")
    return x * ops.expand_dims(ops.squeeze(conv(d), -1), axis)
