# exercise: cbam_block
# kind: right
# score: 4
from keras import layers, ops

def cbam_block(cbam_feature, ratio=8):
    """Move to channels-last, do everything there, move back."""
    first = keras.config.image_data_format() == "channels_first"
    x = layers.Permute((2, 3, 1))(cbam_feature) if first else cbam_feature
    c = x.shape[-1]
    one = layers.Dense(c // ratio if c > ratio else 1, activation="relu", kernel_initializer="he_normal")
    two = layers.Dense(c, kernel_initializer="he_normal")
    avg = two(one(layers.GlobalAveragePooling2D(data_format="channels_last", keepdims=True)(x)))
    top = two(one(layers.GlobalMaxPooling2D(data_format="channels_last", keepdims=True)(x)))
    x = layers.multiply([x, layers.Activation("sigmoid")(layers.add([avg, top]))])
    pair = layers.concatenate([ops.mean(x, axis=3, keepdims=True), ops.max(x, axis=3, keepdims=True)], axis=3)
    conv = layers.Conv2D(1, (7, 7), padding="same", use_bias=False, activation="sigmoid", data_format="channels_last")
    x = layers.multiply([x, conv(pair)])
    return layers.Permute((3, 1, 2))(x) if first else x
