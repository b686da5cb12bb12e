# %% right built-in-build
from keras import layers, ops

@keras.saving.register_keras_serializable(package="course")
class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def build(self, input_shape):
        c = input_shape[-1]
        self.first = layers.Dense(c // self.ratio, activation="relu")
        self.second = layers.Dense(c)
        self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
        self.first.build((None, c))
        self.second.build((None, c // self.ratio))
        self.conv.build((None, None, None, 2))
        super().build(input_shape)

    def call(self, x):
        mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
        gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
        refined = x * gate[:, None, None, :]
        pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
        return refined * self.conv(pooled)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}

# %% right no-configuration-written, like right built-in-build
# -
# -     def get_config(self):
# -         return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}

# %% right not-built-by-hand, like right built-in-build
# -         self.first.build((None, c))
# -         self.second.build((None, c // self.ratio))
# -         self.conv.build((None, None, None, 2))
# -         super().build(input_shape)

# %% right own-weights-registered-after
from keras import ops

class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, name=None, **others):
        super().__init__(name=name, **others)
        self.settings = {"ratio": ratio, "kernel_size": kernel_size}

    def build(self, shape):
        c, k = int(shape[-1]), self.settings["kernel_size"]
        m = c // self.settings["ratio"]
        self.w1 = self.add_weight(name="w1", shape=(c, m))
        self.b1 = self.add_weight(name="b1", shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(name="w2", shape=(m, c))
        self.b2 = self.add_weight(name="b2", shape=(c,), initializer="zeros")
        self.kernel = self.add_weight(name="kernel", shape=(k, k, 2, 1))

    def call(self, x):
        total = 0
        for pool in (ops.mean, ops.max):
            v = pool(x, axis=(1, 2), keepdims=True)
            total = total + ops.relu(v @ self.w1 + self.b1) @ self.w2 + self.b2
        x = ops.sigmoid(total) * x
        d = ops.concatenate([pool(x, axis=3, keepdims=True) for pool in (ops.mean, ops.max)], axis=3)
        return ops.sigmoid(ops.conv(d, self.kernel, padding="same")) * x

    def get_config(self):
        config = super().get_config()
        config.update(self.settings)
        return config


keras.saving.register_keras_serializable()(CBAM)

# %% wrong convolution-with-bias: 3.5, "has a bias", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", activation="sigmoid")

# %% wrong kernel-size-not-in-configuration: 6.75, "missing in its configuration", like right built-in-build
# -         return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}
# +         return {**super().get_config(), "ratio": self.ratio}

# %% wrong layers-made-in-call: 0, "does not belong", like right built-in-build
# -     def build(self, input_shape):
# -         c = input_shape[-1]
# +     def call(self, x):
# +         c = x.shape[-1]

# -         self.first.build((None, c))
# -         self.second.build((None, c // self.ratio))
# -         self.conv.build((None, None, None, 2))
# -         super().build(input_shape)
# -
# -     def call(self, x):

# %% wrong no-keywords: 5.25, "constructor has to take", like right built-in-build
# -     def __init__(self, ratio=16, kernel_size=7, **kwargs):
# -         super().__init__(**kwargs)
# +     def __init__(self, ratio=16, kernel_size=7):
# +         super().__init__()

# %% wrong no-keywords-own-configuration: 7.75, "hand it on to the parent", like wrong no-keywords
# -         return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}
# +         return {"ratio": self.ratio, "kernel_size": self.kernel_size}

# %% wrong not-registered: 5.5, "not registered", like right built-in-build
# - @keras.saving.register_keras_serializable(package="course")

# %% wrong a-map-for-every-channel: 3.5, "weights for every channel", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(c, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")

# %% wrong batch-norm-left-in: 3.5, "a batch norm is left in", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False)
# +         self.norm = layers.BatchNormalization()

# -         super().build(input_shape)
# +         self.norm.build((None, None, None, 1))

# -         return refined * self.conv(pooled)
# +         return refined * ops.sigmoid(self.norm(self.conv(pooled)))

# %% wrong convolution-of-all-channels: 3.5, "sees all channels", like right built-in-build
# -         self.conv.build((None, None, None, 2))
# +         self.conv.build((None, None, None, c))

# -         pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
# -         return refined * self.conv(pooled)
# +         return refined * self.conv(refined)

# %% wrong joined-before-the-mlp: 3.5, "by itself", like right built-in-build
# -         self.first.build((None, c))
# +         self.first.build((None, 2 * c))

# -         gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
# +         gate = ops.sigmoid(self.second(self.first(ops.concatenate([mean, largest], axis=-1))))

# %% wrong kernel-size-ignored: 4.25, "size of the kernel", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")

# %% wrong layer-norm: 3.5, "a norm is left in", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False)
# +         self.norm = layers.LayerNormalization()

# -         super().build(input_shape)
# +         self.norm.build((None, None, None, 1))

# -         return refined * self.conv(pooled)
# +         return refined * ops.sigmoid(self.norm(self.conv(pooled)))

# %% wrong max-before-mean: 4.5, "exchanged", like right built-in-build
# -         pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
# +         pooled = ops.stack([ops.max(refined, axis=-1), ops.mean(refined, axis=-1)], axis=-1)

# %% wrong no-biases: 5.25, "both biases of the channel half", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# -         self.second = layers.Dense(c)
# +         self.first = layers.Dense(c // self.ratio, activation="relu", use_bias=False)
# +         self.second = layers.Dense(c, use_bias=False)

# %% wrong no-first-bias: 5.25, "bias of the first dense layer", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# +         self.first = layers.Dense(c // self.ratio, activation="relu", use_bias=False)

# %% wrong no-second-bias: 5.25, "bias of the second dense layer", like right built-in-build
# -         self.second = layers.Dense(c)
# +         self.second = layers.Dense(c, use_bias=False)

# %% wrong only-spatial-half: 3.5, "only the spatial half", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# -         self.second = layers.Dense(c)

# -         self.first.build((None, c))
# -         self.second.build((None, c // self.ratio))

# -         mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
# -         gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
# -         refined = x * gate[:, None, None, :]
# +         refined = x

# %% wrong ratio-as-width: 4.5, "width of the bottleneck", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# +         self.first = layers.Dense(self.ratio, activation="relu")

# -         self.second.build((None, c // self.ratio))
# +         self.second.build((None, self.ratio))

# %% wrong rounded-up: 5.25, "rounded up", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# +         self.first = layers.Dense(-(-c // self.ratio), activation="relu")

# -         self.second.build((None, c // self.ratio))
# +         self.second.build((None, -(-c // self.ratio)))

# %% wrong sum-of-the-two-maps: 3.5, "one map", like right built-in-build
# -         self.conv.build((None, None, None, 2))
# +         self.conv.build((None, None, None, 1))

# -         return refined * self.conv(pooled)
# +         return refined * self.conv(ops.sum(pooled, axis=-1, keepdims=True))

# %% wrong two-mlps: 3.5, "two pairs", like right built-in-build
# -         self.second = layers.Dense(c)
# +         self.second = layers.Dense(c)
# +         self.third, self.fourth = layers.Dense(c // self.ratio, activation="relu"), layers.Dense(c)

# -         super().build(input_shape)
# +         self.third.build((None, c))
# +         self.fourth.build((None, c // self.ratio))

# -         gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
# +         gate = ops.sigmoid(self.second(self.first(mean)) + self.fourth(self.third(largest)))

# %% wrong ratio-fixed: 4.25, "ratio is ignored", like right built-in-build
# -         self.first = layers.Dense(c // self.ratio, activation="relu")
# +         self.first = layers.Dense(max(c // 16, 1), activation="relu")

# -         self.second.build((None, c // self.ratio))
# +         self.second.build((None, max(c // 16, 1)))

# %% wrong spatial-gate-from-x: 4.5, "refined map", like right built-in-build
# -         pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
# +         pooled = ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)

# %% wrong spatial-missing: 3.5, "only the channel half", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")

# -         self.conv.build((None, None, None, 2))

# -         return refined * self.conv(pooled)
# +         return refined

# %% wrong a-function: 0, "x"
from keras import layers, ops

def CBAM(x, ratio=16, kernel_size=7):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    mean = layers.GlobalAveragePooling2D(keepdims=True)(x)
    largest = layers.GlobalMaxPooling2D(keepdims=True)(x)
    x = x * ops.sigmoid(second(first(mean)) + second(first(largest)))
    pools = [ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)]
    conv = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return x * conv(ops.concatenate(pools, axis=-1))

# %% wrong a-function-of-settings: 0, "a class that inherits"
def CBAM(ratio=16, kernel_size=7):
    def block(x):
        return x

    return block

# %% wrong layers-lost-in-call: 0.75, "no weights"
from keras import layers, ops

@keras.saving.register_keras_serializable(package="course")
class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def call(self, x):
        c = x.shape[-1]
        first = layers.Dense(c // self.ratio, activation="relu")
        second = layers.Dense(c)
        conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
        mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
        gate = ops.sigmoid(second(first(mean)) + second(first(largest)))
        refined = x * gate[:, None, None, :]
        pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
        return refined * conv(pooled)

    def get_config(self):
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}

# %% wrong not-written: 0, "not written yet"
class CBAM(keras.layers.Layer):
    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong relu-on-both-dense-layers: 4.5, "at the end of the mlp in the channel half", like right built-in-build
# -         self.second = layers.Dense(c)
# +         self.second = layers.Dense(c, activation="relu")

# %% wrong sigmoid-on-the-second-dense-layer: 4.5, "after the sum in the channel half", like right built-in-build
# -         self.second = layers.Dense(c)
# +         self.second = layers.Dense(c, activation="sigmoid")

# %% wrong pools-added: 4.5, "added before the mlp in the channel half", like right built-in-build
# -         gate = ops.sigmoid(self.second(self.first(mean)) + self.second(self.first(largest)))
# +         gate = ops.sigmoid(self.second(self.first(mean + largest)))

# %% wrong max-twice: 4.5, "both maps are the max", like right built-in-build
# -         pooled = ops.stack([ops.mean(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)
# +         pooled = ops.stack([ops.max(refined, axis=-1), ops.max(refined, axis=-1)], axis=-1)

# %% wrong spatial-sigmoid-twice: 4.5, "applied twice in the spatial half", like right built-in-build
# -         return refined * self.conv(pooled)
# +         return refined * ops.sigmoid(self.conv(pooled))

# %% wrong dropout-on-the-gate: 7.5, "dropout", like right built-in-build
# -         super().build(input_shape)
# +         self.drop = layers.Dropout(0.5)
# +         super().build(input_shape)

# -         return refined * self.conv(pooled)
# +         return refined * self.drop(self.conv(pooled))

# %% wrong frozen: 7, "not trainable", like right built-in-build
# -         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv = layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False, activation="sigmoid")
# +         self.conv.trainable = False

# %% wrong numpy-in-call: 0, "keras.ops can work", like right built-in-build
# -         mean, largest = ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))
# +         mean, largest = np.mean(x, axis=(1, 2)), np.max(x, axis=(1, 2))
