# %% right straight
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


def cbam_residual_block(x, filters, stride=1, ratio=16):
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    s = x
    if stride != 1 or x.shape[-1] != filters:
        s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
        s = layers.BatchNormalization()(s)
    return layers.ReLU()(s + cbam_block(y, ratio))

# %% right padded-by-hand, like right straight
# -     y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, strides=stride, use_bias=False)(layers.ZeroPadding2D(1)(x))
#       y = layers.BatchNormalization()(y)
# -     y = layers.ReLU()(y)
# +     y = ops.relu(y)

# %% right layer-and-projection-first
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


def conv_norm(x, filters, size, stride=1):
    x = layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def cbam_residual_block(x, filters, stride=1, ratio=16):
    project = stride > 1 or filters != x.shape[-1]
    shortcut = conv_norm(x, filters, 1, stride) if project else x
    branch = layers.Activation("relu")(conv_norm(x, filters, 3, stride))
    branch = CBAM(ratio)(conv_norm(branch, filters, 3))
    return ops.relu(layers.add([branch, shortcut]))

# %% wrong after-the-addition: 3, "after the addition", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(cbam_block(s + y, ratio))

# %% wrong after-the-last-relu: 3, "after the last relu", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return cbam_block(layers.ReLU()(s + y), ratio)

# %% wrong always-projected: 4.25, "already fits", like right straight
# -     if stride != 1 or x.shape[-1] != filters:
# +     if True:

# %% wrong attention-behind-each-convolution: 1.5, "cbam is there twice", like right straight
# -     y = layers.ReLU()(y)
# +     y = layers.ReLU()(cbam_block(y, ratio))

# %% wrong biases: 1.5, "have biases", like right straight
# -     y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, strides=stride, padding="same")(x)

# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, padding="same")(y)

# -         s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
# +         s = layers.Conv2D(filters, 1, strides=stride)(x)

# %% wrong cbam-before-the-norm: 3, "before the last batch norm", like right straight
#       y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# -     y = layers.BatchNormalization()(y)
# +     y = layers.BatchNormalization()(cbam_block(y, ratio))

# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + y)

# %% wrong no-attention: 1.5, "cbam is missing", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + y)

# %% wrong no-inner-relu: 3, "between the two convolutions", like right straight
# -     y = layers.ReLU()(y)

# %% wrong no-last-relu: 3, "last relu is missing", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return s + cbam_block(y, ratio)

# %% wrong no-norm-before-the-attention: 1.5, "a batch norm is missing", like right straight
#       y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# -     y = layers.BatchNormalization()(y)

# %% wrong no-norms-on-the-branch: 1.5, "two batch norms are missing", like right straight
#       y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
# -     y = layers.BatchNormalization()(y)

#       y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# -     y = layers.BatchNormalization()(y)

# %% wrong no-shortcut: 2.25, "shortcut is missing", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(cbam_block(y, ratio))

# %% wrong norm-behind-the-attention: 1.5, "batch norm too many", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + layers.BatchNormalization()(cbam_block(y, ratio)))

# %% wrong not-written: 0, "not written yet", like right straight
#   def cbam_residual_block(x, filters, stride=1, ratio=16):
# +     raise NotImplementedError

# %% wrong on-the-shortcut: 3, "on the shortcut", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(cbam_block(s, ratio) + y)

# %% wrong one-bias: 1.5, "one of the convolutions has a bias", like right straight
# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, padding="same")(y)

# %% wrong projected-by-three-by-three: 4.25, "to be a 1 x 1 convolution", like right straight
# -         s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
# +         s = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)

# %% wrong projected-for-the-stride-alone: 3.75, "raised", like right straight
# -     if stride != 1 or x.shape[-1] != filters:
# +     if stride != 1:

# %% wrong relu-before-addition: 3, "before the addition", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return s + layers.ReLU()(cbam_block(y, ratio))

# %% wrong relu-before-cbam: 3, "before cbam", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + cbam_block(ops.relu(y), ratio))

# %% wrong shortcut-gated-too: 3, "to the shortcut as well", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     maps = keras.Input(y.shape[1:])
# +     gate = keras.Model(maps, cbam_block(maps, ratio))
# +     return layers.ReLU()(gate(s) + gate(y))

# %% wrong shortcut-twice: 3, "counted twice", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + s + cbam_block(y, ratio))

# %% wrong stride-in-the-second: 5, "second convolution", like right straight
# -     y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(x)
# +     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)

# -     y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
# +     y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(y)

# %% wrong triple-sum: 3, "three things", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + y + cbam_block(y, ratio))

# %% wrong branch-projected: 3.5, "the branch is projected", like right straight
# -         s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
# +         s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(y)

# %% wrong small-kernel: 1.5, "another size than 7", like right straight
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(s + cbam_block(y, ratio, 3))

# %% wrong no-projection-in-a-layer: 3.5, "incompatible shapes", like right straight
# -     s = x
# -     if stride != 1 or x.shape[-1] != filters:
# -         s = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(x)
# -         s = layers.BatchNormalization()(s)
# -     return layers.ReLU()(s + cbam_block(y, ratio))
# +     return layers.ReLU()(layers.Add()([x, cbam_block(y, ratio)]))
