# %% right shared-layers
from keras import layers

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

# %% right one-model-for-both
from keras import layers, ops

def channel_attention(input_feature, ratio=8):
    place = (2, 3) if keras.config.image_data_format() == "channels_first" else (1, 2)
    mean, peak = ops.mean(input_feature, axis=place), ops.max(input_feature, axis=place)
    channels = mean.shape[-1]
    mlp = keras.Sequential(
        [
            keras.Input((channels,)),
            layers.Dense(channels // ratio or 1, activation="relu", kernel_initializer="he_normal"),
            layers.Dense(channels, kernel_initializer="he_normal"),
        ]
    )
    return input_feature * ops.expand_dims(ops.sigmoid(mlp(mean) + mlp(peak)), place)

# %% right permute-as-in-the-tutorial
from keras.layers import Activation, Dense, GlobalAveragePooling2D, GlobalMaxPooling2D, Permute, Reshape, add, multiply


def channel_attention(input_feature, ratio=8):
    channel_axis = 1 if keras.backend.image_data_format() == "channels_first" else -1
    channel = input_feature.shape[channel_axis]
    shared_layer_one = Dense(
        max(channel // ratio, 1),
        activation="relu",
        kernel_initializer="he_normal",
        use_bias=True,
        bias_initializer="zeros",
    )
    shared_layer_two = Dense(channel, kernel_initializer="he_normal", use_bias=True, bias_initializer="zeros")
    avg_pool = Reshape((1, 1, channel))(GlobalAveragePooling2D()(input_feature))
    avg_pool = shared_layer_two(shared_layer_one(avg_pool))
    max_pool = Reshape((1, 1, channel))(GlobalMaxPooling2D()(input_feature))
    max_pool = shared_layer_two(shared_layer_one(max_pool))
    cbam_feature = Activation("sigmoid")(add([avg_pool, max_pool]))
    if channel_axis == 1:
        cbam_feature = Permute((3, 1, 2))(cbam_feature)
    return multiply([input_feature, cbam_feature])

# %% right stacked-in-one-call
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

# %% wrong averaged: 1.75, "averaged", like right shared-layers
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = layers.Activation("sigmoid")(layers.average([mean, peak]))

# %% wrong backend-max: 0, "output_shape", like right shared-layers
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# +     peak = expand(reduce(layers.Lambda(lambda t: keras.backend.max(t, axis=(1, 2)))(input_feature)))

# %% wrong gate-alone: 1.75, "gate itself", like right shared-layers
# - from keras import layers
# + from keras import layers, ops

# -     return layers.multiply([input_feature, gate])
# +     return layers.multiply([ops.ones_like(input_feature), gate])

# %% wrong gate-on-columns: 2.75, "columns", like right shared-layers
# -     gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
# +     gate = layers.Reshape((1, 1, channels))(gate)

# %% wrong joined: 1, "joined", like right shared-layers
# -     mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     pooled = [layers.GlobalAveragePooling2D()(input_feature), layers.GlobalMaxPooling2D()(input_feature)]
# +     gate = layers.Activation("sigmoid")(expand(reduce(layers.concatenate(pooled))))

# %% wrong keras-shape: 0, "_keras_shape", like right shared-layers
# -     channels = input_feature.shape[1 if first else -1]
# +     channels = input_feature._keras_shape[1 if first else -1]

# %% wrong last-bias-once: 1.75, "counted once", like right shared-layers
# -     mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     mean = reduce(layers.GlobalAveragePooling2D()(input_feature))
# +     peak = reduce(layers.GlobalMaxPooling2D()(input_feature))
# +     gate = layers.Activation("sigmoid")(expand(layers.add([mean, peak])))

# %% wrong max-only: 1.75, "mean is not used", like right shared-layers
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = layers.Activation("sigmoid")(peak)

# %% wrong mean-only: 1.75, "max is not used", like right shared-layers
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = layers.Activation("sigmoid")(mean)

# %% wrong mlp-of-the-sum: 1.75, "before the layers", like right shared-layers
# -     mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     pooled = layers.GlobalAveragePooling2D()(input_feature) + layers.GlobalMaxPooling2D()(input_feature)
# +     gate = layers.Activation("sigmoid")(expand(reduce(pooled)))

# %% wrong no-relu: 1.75, "no ReLU", like right shared-layers
# -     reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
# +     reduce = layers.Dense(max(1, channels // ratio), kernel_initializer="he_normal")

# %% wrong no-sigmoid: 1.75, "sigmoid", like right shared-layers
# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = layers.add([mean, peak])

# %% wrong relu-on-the-sum: 1.75, "one half", like right shared-layers
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = layers.Activation("sigmoid")(ops.relu(layers.add([mean, peak])))

# %% wrong sigmoid-each: 1.75, "above one", like right shared-layers
# - from keras import layers
# + from keras import layers, ops

# -     gate = layers.Activation("sigmoid")(layers.add([mean, peak]))
# +     gate = ops.sigmoid(mean) + ops.sigmoid(peak)

# %% wrong tensorflow-pools: 0, "keras.ops", like right shared-layers
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# +     peak = expand(reduce(tf.reduce_max(input_feature, axis=(2, 3) if first else (1, 2))))

# %% wrong two-bottlenecks: 1, "two bottlenecks", like right shared-layers
# -     peak = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
# +     reduce_too = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
# +     expand_too = layers.Dense(channels, kernel_initializer="he_normal")
# +     peak = expand_too(reduce_too(layers.GlobalMaxPooling2D()(input_feature)))

# %% wrong width-zero: 3.75, "at least 1", like right shared-layers
# -     reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
# +     reduce = layers.Dense(channels // ratio, activation="relu", kernel_initializer="he_normal")

# %% wrong not-written: 0, "not written"
def channel_attention(input_feature, ratio=8):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
