# %% right two-calls
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(channels, kernel_initializer="he_normal")
    mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])


def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
    mean = ops.mean(maps, axis=-1, keepdims=True)
    peak = ops.max(maps, axis=-1, keepdims=True)
    pooled = layers.Concatenate(axis=-1)([mean, peak])
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    if first:
        gate = layers.Permute((3, 1, 2))(gate)
    return layers.multiply([input_feature, gate])


def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))

# %% right all-in-one
from keras import layers, ops

def cbam_block(cbam_feature, ratio=8):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    place = (2, 3) if axis == 1 else (1, 2)
    x, channels = cbam_feature, cbam_feature.shape[axis]
    first_layer = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    second_layer = layers.Dense(channels, kernel_initializer="he_normal")
    logits = sum(second_layer(first_layer(pool(x, axis=place))) for pool in (ops.mean, ops.max))
    x = x * ops.expand_dims(ops.sigmoid(logits), place)
    d = ops.stack([ops.mean(x, axis=axis), ops.max(x, axis=axis)], axis=-1)
    gate = layers.Conv2D(
        1,
        7,
        padding="same",
        activation="sigmoid",
        use_bias=False,
        kernel_initializer="he_normal",
        data_format="channels_last",
    )(d)
    return x * ops.expand_dims(ops.squeeze(gate, -1), axis)

# %% right moved-once
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

# %% wrong channel-half-alone: 1, "7x7", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return channel_attention(cbam_feature, ratio)

# %% wrong columns-in-channel-half: 2.5, "values are wrong", like right two-calls
# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong conv-obeys-the-switch: 2.5, "raised", like right two-calls
# -         data_format="channels_last",

# %% wrong gates-without-map: 1.5, "gate itself", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return spatial_attention(channel_attention(cbam_feature, ratio)) / cbam_feature

# %% wrong in-parallel: 1.5, "side by side", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return layers.add([channel_attention(cbam_feature, ratio), spatial_attention(cbam_feature)])

# %% wrong input-added: 1.5, "residual", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return layers.add([cbam_feature, spatial_attention(channel_attention(cbam_feature, ratio))])

# %% wrong lambda-in-spatial-half: 2.75, "Lambda", like right two-calls
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# +     mean = layers.Lambda(lambda t: ops.mean(t, axis=-1, keepdims=True))(maps)

# %% wrong max-first: 1.5, "max comes first", like right two-calls
# -     pooled = layers.Concatenate(axis=-1)([mean, peak])
# +     pooled = layers.Concatenate(axis=-1)([peak, mean])

# %% wrong no-return: 0, "None", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     spatial_attention(channel_attention(cbam_feature, ratio))

# %% wrong ratio-not-passed: 1.5, "ratio is ignored", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return spatial_attention(channel_attention(cbam_feature))

# %% wrong spatial-first: 1.5, "spatial half comes first", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return channel_attention(spatial_attention(cbam_feature), ratio)

# %% wrong spatial-gate-on-the-input: 1.5, "multiply the map", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     refined = channel_attention(cbam_feature, ratio)
# +     return cbam_feature * spatial_attention(refined) / refined

# %% wrong spatial-of-the-input: 1.5, "computed from the input", like right two-calls
# -     return spatial_attention(channel_attention(cbam_feature, ratio))
# +     return channel_attention(cbam_feature, ratio) * spatial_attention(cbam_feature) / cbam_feature

# %% wrong two-bottlenecks: 1, "two bottlenecks", like right two-calls
# -     mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
# +     other = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
# +     mean = layers.Dense(channels)(other(layers.GlobalAveragePooling2D()(input_feature)))

# %% wrong joined: 1, "joined", like right two-calls
# -     mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     pools = [layers.GlobalAveragePooling2D()(input_feature), layers.GlobalMaxPooling2D()(input_feature)]
# +     gate = layers.Activation("sigmoid")(expand(reduce(layers.concatenate(pools))))

# %% wrong spatial-half-missing: 0, "not defined"
def cbam_block(cbam_feature, ratio=8):
    return spatial_attention(channel_attention(cbam_feature, ratio))

# %% wrong not-written: 0, "not written"
def cbam_block(cbam_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong three-by-three: 1, "3x3"
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
