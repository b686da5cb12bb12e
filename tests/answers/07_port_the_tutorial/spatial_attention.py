# %% right told-the-format
from keras import layers, ops

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

# %% right only-the-pooled-maps-move
from keras import layers, ops

def spatial_attention(input_feature):
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    gate = layers.Conv2D(
        1, 7, padding="same", use_bias=False, kernel_initializer="he_normal", data_format="channels_last"
    )(pooled)
    return input_feature * ops.expand_dims(ops.sigmoid(gate[..., 0]), axis)

# %% right own-layer-and-ops-conv
from keras import ops

@keras.saving.register_keras_serializable(package="mine")
class Where(keras.layers.Layer):
    """A gate for each position."""

    def __init__(self, axis, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def build(self, shape):
        self.kernel = self.add_weight(shape=(7, 7, 2, 1), initializer="he_normal", name="kernel")

    def call(self, x):
        mean = ops.mean(x, axis=self.axis, keepdims=True)
        peak = ops.max(x, axis=self.axis, keepdims=True)
        pooled = ops.concatenate([mean, peak], axis=self.axis)
        if self.axis == 1:
            pooled = ops.transpose(pooled, (0, 2, 3, 1))
        gate = ops.sigmoid(ops.conv(pooled, self.kernel, padding="same", data_format="channels_last"))
        return x * (ops.transpose(gate, (0, 3, 1, 2)) if self.axis == 1 else gate)

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


def spatial_attention(input_feature):
    return Where(1 if keras.config.image_data_format() == "channels_first" else 3)(input_feature)

# %% right whole-map-there-and-back
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.backend.image_data_format() == "channels_first"
    x = ops.moveaxis(input_feature, 1, -1) if first else input_feature
    pooled = ops.concatenate([ops.mean(x, -1, keepdims=True), ops.max(x, -1, keepdims=True)], axis=-1)
    gate = layers.Conv2D(
        filters=1,
        kernel_size=(7, 7),
        strides=1,
        padding="same",
        activation="sigmoid",
        kernel_initializer="he_normal",
        use_bias=False,
        data_format="channels_last",
    )(pooled)
    y = x * gate
    return ops.moveaxis(y, -1, 1) if first else y

# %% wrong added-pools: 1, "one map", like right told-the-format
# -     pooled = layers.Concatenate(axis=-1)([mean, peak])
# +     pooled = layers.add([mean, peak])

# %% wrong bias: 3, "bias", like right told-the-format
# -         use_bias=False,

# %% wrong channels-last-only: 3, "columns", like right told-the-format
# -     maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
# +     maps = input_feature

# -     if first:
# -         gate = layers.Permute((3, 1, 2))(gate)

# %% wrong conv-obeys-the-switch: 2.5, "height of the map", like right told-the-format
# -         data_format="channels_last",

# %% wrong filters-of-all-channels: 1, "several outputs", like right told-the-format
# -         1,
# +         maps.shape[-1],

# %% wrong gate-added: 2, "multiplies", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return layers.add([input_feature, gate])

# %% wrong gate-alone: 2, "gate itself", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return layers.multiply([ops.ones_like(input_feature), gate])

# %% wrong height-and-width-exchanged: 3, "exchanged", like right told-the-format
# -     maps = layers.Permute((2, 3, 1))(input_feature) if first else input_feature
# +     maps = layers.Permute((3, 2, 1))(input_feature) if first else input_feature

# -         gate = layers.Permute((3, 1, 2))(gate)
# +         gate = layers.Permute((3, 2, 1))(gate)

# %% wrong input-added: 2, "residual", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return input_feature + layers.multiply([input_feature, gate])

# %% wrong joined-on-rows: 0, "raised", like right told-the-format
# -     pooled = layers.Concatenate(axis=-1)([mean, peak])
# +     pooled = layers.Concatenate(axis=1)([mean, peak])

# %% wrong keepdims-missing: 0, "raised", like right told-the-format
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# -     peak = ops.max(maps, axis=-1, keepdims=True)
# +     mean = ops.mean(maps, axis=-1)
# +     peak = ops.max(maps, axis=-1)

# %% wrong lambda-with-backend: 0, "output_shape", like right told-the-format
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# +     mean = layers.Lambda(lambda t: keras.backend.mean(t, axis=-1, keepdims=True))(maps)

# %% wrong lambda-with-ops: 3.75, "Lambda", like right told-the-format
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# +     mean = layers.Lambda(lambda t: ops.mean(t, axis=-1, keepdims=True))(maps)

# %% wrong max-first: 2, "mean should come first", like right told-the-format
# -     pooled = layers.Concatenate(axis=-1)([mean, peak])
# +     pooled = layers.Concatenate(axis=-1)([peak, mean])

# %% wrong mean-twice: 2, "mean is used twice", like right told-the-format
# -     pooled = layers.Concatenate(axis=-1)([mean, peak])
# +     pooled = layers.Concatenate(axis=-1)([mean, mean])

# %% wrong no-sigmoid: 2, "sigmoid", like right told-the-format
# -         activation="sigmoid",

# %% wrong numpy-inside: 0, "raised", like right told-the-format
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# +     mean = np.mean(maps, axis=-1, keepdims=True)

# %% wrong relu-before-sigmoid: 2, "ReLU", like right told-the-format
# -         activation="sigmoid",
# +         activation="relu",

#       )(pooled)
# +     gate = layers.Activation("sigmoid")(gate)

# %% wrong returns-gate: 1.5, "gate itself", like right told-the-format
# -     return layers.multiply([input_feature, gate])
# +     return gate

# %% wrong tensorflow-inside: 0, "keras.ops", like right told-the-format
# -     mean = ops.mean(maps, axis=-1, keepdims=True)
# +     mean = tf.reduce_mean(maps, axis=-1, keepdims=True)

# %% wrong three-by-three: 1, "3x3", like right told-the-format
# -         7,
# +         3,

# %% wrong valid-padding: 0, "raised", like right told-the-format
# -         padding="same",

# %% wrong mean-of-the-pools-alone: 0.75, "does the gate come from the input"
from keras import layers, ops

def spatial_attention(input_feature):
    first = keras.config.image_data_format() == "channels_first"
    axis = 1 if first else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    return input_feature * ops.expand_dims(ops.sigmoid(ops.mean(pooled, axis=-1)), axis)

# %% wrong no-neighbours: 1, "1x1", like wrong mean-of-the-pools-alone
# -     return input_feature * ops.expand_dims(ops.sigmoid(ops.mean(pooled, axis=-1)), axis)
# +     conv = layers.Conv2D(1, 1, padding="same", use_bias=False, data_format="channels_last", activation="sigmoid")
# +     return input_feature * ops.expand_dims(conv(pooled)[..., 0], axis)

# %% wrong not-written: 0, "not written"
def spatial_attention(input_feature):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
