# %% right straight
def identity_se_block(x, ratio=16):
    channels = x.shape[-1]
    z = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    u = keras.layers.Dense(channels // ratio, activation="relu")(z)
    logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
    return x * (2 * keras.ops.sigmoid(logits))

# %% right multiply-layers
def identity_se_block(x, ratio=16):
    channels = x.shape[-1]
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Dense(channels // ratio, activation="relu", kernel_initializer="he_normal")(gate)
    gate = keras.layers.Dense(channels, activation="sigmoid", kernel_initializer="zeros", bias_initializer="zeros")(gate)
    gate = keras.layers.Rescaling(2.0)(gate)
    return keras.layers.Multiply()([x, keras.layers.Reshape((1, 1, channels))(gate)])

# %% right assigned-afterwards
def identity_se_block(x, ratio=16):
    channels = x.shape[-1]
    first = keras.layers.Conv2D(channels // ratio, 1, activation="relu")
    second = keras.layers.Conv2D(channels, 1, activation="sigmoid")
    gate = second(first(keras.ops.mean(x, axis=(1, 2), keepdims=True)))
    second.kernel.assign(keras.ops.zeros_like(second.kernel))
    return x * gate * 2

# %% right own-layer
class IdentitySE(keras.layers.Layer):
    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.w1 = self.add_weight(shape=(c, m), initializer="glorot_uniform")
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c), initializer="zeros")
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")

    def call(self, x):
        u = keras.ops.relu(keras.ops.mean(x, axis=(1, 2)) @ self.w1 + self.b1)
        return x * (2 * keras.ops.sigmoid(u @ self.w2 + self.b2))[:, None, None, :]


def identity_se_block(x, ratio=16):
    return IdentitySE(ratio)(x)

# %% right one-plus-a-tanh-of-half
def identity_se_block(x, ratio=16):
    channels = x.shape[-1]
    u = keras.layers.Dense(channels // ratio, activation="relu")(keras.ops.mean(x, axis=(1, 2), keepdims=True))
    logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
    return x * (1 + keras.ops.tanh(logits / 2))

# %% wrong not-doubled: 2.5, "twice the sigmoid", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * keras.ops.sigmoid(logits)

# %% wrong one-plus-sigmoid: 2.5, "added to 1", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * (1 + keras.ops.sigmoid(logits))

# %% wrong residual: 2.5, "added to 1", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x + x * keras.ops.sigmoid(logits)

# %% wrong one-plus-tanh: 3.75, "twice the logits", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * (1 + keras.ops.tanh(logits))

# %% wrong no-sigmoid: 2.5, "sigmoid is missing", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * (2 * logits)

# %% wrong one-plus-logits: 3.75, "no bounds", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * (1 + logits)

# %% wrong no-relu: 3.75, "no ReLU", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(channels // ratio)(z)

# %% wrong max: 3.75, "max", like right straight
# -     z = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
# +     z = keras.layers.GlobalMaxPooling2D(keepdims=True)(x)

# %% wrong gate-alone: 1.75, "gate itself", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return 2 * keras.ops.sigmoid(logits)

# %% wrong fresh: 4.75, "not the input", like right straight
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     logits = keras.layers.Dense(channels)(u)

# %% wrong zero-in-the-first: 5.25, "Only b2", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     u = keras.layers.Dense(channels // ratio, activation="relu", kernel_initializer="zeros")(z)
# +     logits = keras.layers.Dense(channels)(u)

# %% wrong zero-in-both: 5.25, "Only b2", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(channels // ratio, activation="relu", kernel_initializer="zeros")(z)

# %% wrong bias-of-one: 4.75, "not the input", like right straight
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     logits = keras.layers.Dense(channels, kernel_initializer="zeros", bias_initializer="ones")(u)

# %% wrong no-biases: 3.75, "Both biases", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     u = keras.layers.Dense(channels // ratio, activation="relu", use_bias=False)(z)
# +     logits = keras.layers.Dense(channels, kernel_initializer="zeros", use_bias=False)(u)

# %% wrong ratio-as-width: 2.75, "taken for the width", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(ratio, activation="relu")(z)

# %% wrong ratio-ignored: 2.5, "ratio is ignored", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(channels // 16, activation="relu")(z)

# %% wrong rounded-up: 3.75, "rounded up", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(-(-channels // ratio), activation="relu")(z)

# %% wrong multiple-of-eight: 3, "multiple of 8", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(max(8, (channels // ratio + 4) // 8 * 8), activation="relu")(z)

# %% wrong wider: 2.25, "made wider", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(channels * ratio, activation="relu")(z)

# %% wrong no-first-bias: 3.75, "bias of the first", like right straight
# -     u = keras.layers.Dense(channels // ratio, activation="relu")(z)
# +     u = keras.layers.Dense(channels // ratio, activation="relu", use_bias=False)(z)

# %% wrong no-second-bias: 3.75, "bias of the second", like right straight
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     logits = keras.layers.Dense(channels, kernel_initializer="zeros", use_bias=False)(u)

# %% wrong norm-of-zero: 2.25, "no part of the block", like right straight
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     logits = keras.layers.Dense(channels)(u)
# +     logits = keras.layers.BatchNormalization(gamma_initializer="zeros")(logits)

# %% wrong default-ratio: 5.75, "and the defaults, the block has", like right straight
# - def identity_se_block(x, ratio=16):
# + def identity_se_block(x, ratio=8):

# %% wrong shared-layers: 5.75, "share their weights"
layers_made = {}

def identity_se_block(x, ratio=16):
    channels = x.shape[-1]
    if (channels, ratio) not in layers_made:
        layers_made[channels, ratio] = (keras.layers.Dense(channels // ratio, activation="relu"),
                                        keras.layers.Dense(channels, kernel_initializer="zeros"))
    first, second = layers_made[channels, ratio]
    return x * (2 * keras.ops.sigmoid(second(first(keras.ops.mean(x, axis=(1, 2), keepdims=True)))))

# %% wrong frozen: 5.25, "not trainable", like right straight
# -     logits = keras.layers.Dense(channels, kernel_initializer="zeros")(u)
# +     logits = keras.layers.Dense(channels, kernel_initializer="zeros", trainable=False)(u)

# %% wrong gradient-stopped: 4.75, "stopped on the way", like right straight
# -     return x * (2 * keras.ops.sigmoid(logits))
# +     return x * (2 * keras.ops.stop_gradient(keras.ops.sigmoid(logits)))

# %% wrong not-written: 0, "not written"
def identity_se_block(x, ratio=16):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong gate-without-axes: 0.75, "write both shapes below each other", like right straight
# -     z = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
# +     z = keras.layers.GlobalAveragePooling2D()(x)
