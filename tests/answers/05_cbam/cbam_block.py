# %% right dense-and-ops
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return x * conv(ops.concatenate(pools, axis=-1))

# %% right a-layer-with-own-weights
from keras import ops

class Both(keras.Layer):
    def __init__(self, ratio, size):
        super().__init__()
        self.ratio, self.size = ratio, size

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.kernel = self.add_weight(shape=(self.size, self.size, 2, 1))
        self.w1 = self.add_weight(shape=(c, m))
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c))
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")

    def call(self, x):
        v = ops.stack([ops.mean(x, (1, 2)), ops.max(x, (1, 2))])
        logits = ops.sum(ops.relu(v @ self.w1 + self.b1) @ self.w2 + self.b2, axis=0)
        x = x * ops.sigmoid(logits)[:, None, None]
        d = ops.stack([ops.mean(x, -1), ops.max(x, -1)], -1)
        return x * ops.sigmoid(ops.conv(d, self.kernel, padding="same"))


def cbam_block(x, ratio=16, kernel_size=7):
    return Both(ratio, kernel_size)(x)

# %% right convolutions-and-multiply
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    _, _, _, c = x.shape
    mlp = keras.Sequential([layers.Conv2D(c // ratio, 1, activation="relu"), layers.Conv2D(c, 1)])
    a = mlp(layers.GlobalAvgPool2D(keepdims=True)(x))
    m = mlp(layers.GlobalMaxPool2D(keepdims=True)(x))
    gate = layers.Activation("sigmoid")(layers.Add()([a, m]))
    refined = layers.Multiply()([x, gate])
    d = layers.Concatenate(axis=3)([ops.mean(refined, axis=3, keepdims=True), ops.max(refined, axis=3)[..., None]])
    logits = layers.Conv2D(1, (kernel_size, kernel_size), padding="same", use_bias=False)(d)
    return layers.multiply([refined, layers.Activation("sigmoid")(logits)])

# %% wrong a-map-for-every-channel: 1, "a map for every channel", like right dense-and-ops
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +     conv = layers.Conv2D(c, kernel_size, padding="same", use_bias=False, activation="sigmoid")

# %% wrong convolution-of-all-channels: 1, "sees all channels", like right dense-and-ops
# -     pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# -     return x * conv(ops.concatenate(pools, axis=-1))
# +     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
# +     return x * ops.sigmoid(conv(x))

# %% wrong convolution-with-bias: 1, "has a bias", like right dense-and-ops
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +     conv = layers.Conv2D(1, kernel_size, padding="same", activation="sigmoid")

# %% wrong fixed-names: 5.75, "a fixed name", like right dense-and-ops
# -     second = layers.Dense(c)
# +     second = layers.Dense(c, name="second")

# %% wrong joined-before-the-mlp: 1, "by itself", like right dense-and-ops
# -     x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
# +     x = x * ops.sigmoid(second(first(ops.concatenate([mean, largest], axis=-1))))

# %% wrong kernel-size-ignored: 1.75, "size of the kernel", like right dense-and-ops
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +     conv = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")

# %% wrong known-sides-needed: 5.75, "none", like right dense-and-ops
# -     mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
# -     largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
# +     h, w = x.shape[1] * 1, x.shape[2] * 1
# +     mean = layers.AveragePooling2D((h, w))(x)
# +     largest = layers.MaxPooling2D((h, w))(x)

# %% wrong max-before-mean: 2, "exchanged", like right dense-and-ops
# -     pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
# +     pools = [ops.max(x, axis=-1, keepdims=True), ops.mean(x, axis=-1, keepdims=True)]

# %% wrong norm-left-in: 1, "norm is left in", like right dense-and-ops
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# -     return x * conv(ops.concatenate(pools, axis=-1))
# +     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
# +     gate = layers.BatchNormalization()(conv(ops.concatenate(pools, axis=-1)))
# +     return x * ops.sigmoid(gate)

# %% wrong numpy-inside: 0, "KerasTensor", like right dense-and-ops
# -     pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
# +     pools = [np.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]

# %% wrong only-channel-half: 1, "only the channel half", like right dense-and-ops
# -     return x * conv(ops.concatenate(pools, axis=-1))
# +     return x

# %% wrong ratio-as-width: 2.5, "width of the bottleneck", like right dense-and-ops
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(ratio, activation="relu")

# %% wrong spatial-gate-from-x: 2, "refined map", like right dense-and-ops
# -     x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
# +     y = x * ops.sigmoid(second(first(mean)) + second(first(largest)))

# -     return x * conv(ops.concatenate(pools, axis=-1))
# +     return y * conv(ops.concatenate(pools, axis=-1))

# %% wrong sum-of-the-two-maps: 1, "one map", like right dense-and-ops
# -     return x * conv(ops.concatenate(pools, axis=-1))
# +     return x * conv(pools[0] + pools[1])

# %% wrong two-mlps: 1, "two pairs", like right dense-and-ops
# +     third, fourth = layers.Dense(c // ratio, activation="relu"), layers.Dense(c)
#       largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
# -     x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
# +     x = x * ops.sigmoid(second(first(mean)) + fourth(third(largest)))

# %% wrong valid-padding: 0, "raised", like right dense-and-ops
# -     conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +     conv = layers.Conv2D(1, kernel_size, padding="valid", use_bias=False, activation="sigmoid")

# %% wrong no-first-bias: 3.25, "bias of the first dense layer"
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu", use_bias=False)
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    pools = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
    return x * ops.sigmoid(conv(pools))

# %% wrong layer-norm: 1, "a norm is left in", like wrong no-first-bias
# -     first = layers.Dense(c // ratio, activation="relu", use_bias=False)
# +     first = layers.Dense(c // ratio, activation="relu")

# -     return x * ops.sigmoid(conv(pools))
# +     return x * ops.sigmoid(layers.LayerNormalization()(conv(pools)))

# %% wrong no-biases: 3.25, "both biases of the channel half", like wrong no-first-bias
# -     second = layers.Dense(c)
# +     second = layers.Dense(c, use_bias=False)

# %% wrong no-second-bias: 3.25, "bias of the second dense layer", like wrong no-first-bias
# -     first = layers.Dense(c // ratio, activation="relu", use_bias=False)
# -     second = layers.Dense(c)
# +     first = layers.Dense(c // ratio, activation="relu")
# +     second = layers.Dense(c, use_bias=False)

# %% wrong rounded-up: 3.25, "rounded up", like wrong no-first-bias
# -     first = layers.Dense(c // ratio, activation="relu", use_bias=False)
# +     first = layers.Dense(-(-c // ratio), activation="relu")

# %% wrong layers-shared-by-all-blocks: 5.75, "share"
from keras import layers, ops

made = {}


def shared(c, ratio, size):
    if (c, ratio, size) not in made:
        conv = layers.Conv2D(1, size, padding="same", use_bias=False, activation="sigmoid")
        made[c, ratio, size] = layers.Dense(c // ratio, activation="relu"), layers.Dense(c), conv
    return made[c, ratio, size]


def cbam_block(x, ratio=16, kernel_size=7):
    first, second, conv = shared(x.shape[-1], ratio, kernel_size)
    logits = sum(second(first(pool(x, axis=(1, 2), keepdims=True))) for pool in (ops.mean, ops.max))
    x = x * ops.sigmoid(logits)
    return x * conv(ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1))

# %% wrong only-spatial-half: 1, "only the spatial half"
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    pools = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)
    return x * ops.sigmoid(conv(pools))
