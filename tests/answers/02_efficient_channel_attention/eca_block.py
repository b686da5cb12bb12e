# %% shared
from keras import layers

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1

# %% right conv1d-multiply, after shared
def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    k = kernel_size(c, gamma, b)
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((c, 1))(s)
    s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
    s = layers.Activation("sigmoid")(s)
    s = layers.Reshape((1, 1, c))(s)
    return layers.Multiply()([x, s])

# %% right layer-of-layers, after shared
class ECA(layers.Layer):
    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.shift = gamma, b

    def build(self, shape):
        size = kernel_size(shape[-1], self.gamma, self.shift)
        self.pool = layers.GlobalAveragePooling2D()
        self.conv = layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid")
        self.conv.build((None, shape[-1], 1))

    def call(self, x):
        gate = self.conv(self.pool(x)[:, :, None])
        return x * gate[:, None, None, :, 0]


def eca_block(x, gamma=2, b=1):
    return ECA(gamma, b)(x)

# %% right map-as-image-row, after shared
def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    z = layers.Reshape((1, c, 1))(layers.GlobalAveragePooling2D()(x))
    g = layers.Conv2D(1, (1, kernel_size(c, gamma, b)), padding="same", use_bias=False)(z)
    g = layers.Activation("sigmoid")(layers.Reshape((c,))(g))
    return layers.multiply([x, g])

# %% right own-layer
from keras import ops

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


class ChannelKernel(keras.layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.size,), initializer="glorot_uniform")

    def call(self, x):
        z = ops.mean(x, axis=(1, 2))
        p = self.size // 2
        z = ops.pad(z, ((0, 0), (p, p)))
        c = x.shape[-1]
        a = sum(self.kernel[t] * z[:, t:t + c] for t in range(self.size))
        return x * ops.sigmoid(a)[:, None, None, :]


def eca_block(x, gamma=2, b=1):
    return ChannelKernel(kernel_size(x.shape[-1], gamma, b))(x)

# %% right permuted-pool, after shared
def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Permute((3, 1, 2))(s)
    s = layers.Conv2D(1, (kernel_size(c, gamma, b), 1), padding="same", use_bias=False, activation="sigmoid")(s)
    return x * layers.Permute((2, 3, 1))(s)

# %% right zero-padding-and-valid
from keras import layers, ops

import math


def kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_block(x, gamma=2, b=1):
    channels = x.shape[-1]
    k = kernel_size(channels, gamma, b)
    print("kernel size", k)
    z = ops.expand_dims(ops.mean(x, axis=[1, 2]), -1)
    z = layers.ZeroPadding1D(k // 2)(z)
    g = layers.Conv1D(filters=1, kernel_size=k, use_bias=False, kernel_initializer="he_normal")(z)
    g = ops.sigmoid(ops.reshape(g, (-1, 1, 1, channels)))
    return ops.multiply(x, g)

# %% wrong at-least-three: 6.25, "with 4 channels and the defaults", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = max(3, kernel_size(c, gamma, b))

# %% wrong b-not-handed-on: 3.75, "b is not handed on", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = kernel_size(c, gamma, 1)

# %% wrong bias: 5.5, "no bias", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, padding="same")(s)

# %% wrong causal-padding: 3.25, "middle of the kernel", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, padding="causal", use_bias=False)(s)

# %% wrong channels-as-features: 1.75, "along which axis", like right conv1d-multiply
# -     s = layers.Reshape((c, 1))(s)
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Reshape((1, c))(s)
# +     s = layers.Conv1D(c, k, padding="same", use_bias=False)(s)

# %% wrong convolution-over-one-place: 1.75, "along which axis", like right conv1d-multiply
# -     s = layers.GlobalAveragePooling2D()(x)
# -     s = layers.Reshape((c, 1))(s)
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# -     s = layers.Activation("sigmoid")(s)
# -     s = layers.Reshape((1, 1, c))(s)
# +     s = layers.GlobalAveragePooling2D(keepdims=True)(x)
# +     s = layers.Conv2D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Activation("sigmoid")(s)

# %% wrong even-size: 5, "with 128 channels and the defaults", like right conv1d-multiply
# -     return t if t % 2 else t + 1
# +     return t

# %% wrong exchanged: 1.75, "exchanged", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = kernel_size(c, b, gamma)

# %% wrong filters-as-channels: 0, "raised", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(c, k, padding="same", use_bias=False)(s)

# %% wrong filters-averaged: 1.75, "along which axis", like right conv1d-multiply
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# -     s = layers.Activation("sigmoid")(s)
# +     s = layers.Conv1D(c, k, padding="same", use_bias=False)(s)
# +     s = layers.Activation("sigmoid")(ops.mean(s, axis=-1))

# %% wrong gamma-not-handed-on: 3.75, "gamma is not handed on", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = kernel_size(c, 2, b)

# %% wrong fixed-name: 6.5, "fixed name", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, padding="same", use_bias=False, name="eca_layer_")(s)

# %% wrong float-size: 0, "raised", like right conv1d-multiply
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = abs((math.log2(channels) + b) / gamma) // 1

# %% wrong frozen: 5.5, "not trainable", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, padding="same", use_bias=False, trainable=False)(s)

# %% wrong gamma-and-b-ignored: 3.75, "ignored", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = kernel_size(c, 2, 1)

# %% wrong gate-added: 3.25, "gate is added", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return x + s

# %% wrong gate-of-one-column: 0, "raised ValueError", like right conv1d-multiply
# -     s = layers.Reshape((1, 1, c))(s)

# %% wrong gate-returned: 2, "shape", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return s

# %% wrong gradient-stopped: 6.25, "gradient", like right conv1d-multiply
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.GlobalAveragePooling2D()(ops.stop_gradient(x))

# %% wrong hard-sigmoid: 3.25, "hard sigmoid", like right conv1d-multiply
# -     s = layers.Activation("sigmoid")(s)
# +     s = layers.Activation("hard_sigmoid")(s)

# %% wrong input-added: 3.25, "residual", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return layers.Add()([x, layers.Multiply()([x, s])])

# %% wrong input-returned: 1.25, "belong to the model", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     layers.Multiply()([x, s])
# +     return x

# %% wrong kernel-a-channel: 1.75, "along which axis", like right conv1d-multiply
# -     s = layers.Reshape((c, 1))(s)
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Reshape((1, c))(s)
# +     s = layers.DepthwiseConv1D(k, padding="same", use_bias=False)(s)

# %% wrong kernels-kept-by-size: 6.5, "share their weights", like right conv1d-multiply
# + kept = {}
# +
# +
#   def eca_block(x, gamma=2, b=1):

# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     if k not in kept:
# +         kept[k] = layers.Conv1D(1, k, padding="same", use_bias=False)
# +     s = kept[k](s)

# %% wrong max-pooling: 3.25, "takes the max", like right conv1d-multiply
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.GlobalMaxPooling2D()(x)

# %% wrong model-returned: 0, "type Functional", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return keras.Model(x, layers.Multiply()([x, s]))

# %% wrong no-defaults: 4, "default", like right conv1d-multiply
# - def eca_block(x, gamma=2, b=1):
# + def eca_block(x, gamma, b):

# %% wrong no-return: 0, "return", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     y = layers.Multiply()([x, s])

# %% wrong no-sigmoid: 3.25, "sigmoid is missing", like right conv1d-multiply
# -     s = layers.Activation("sigmoid")(s)

# %% wrong norm-after-block: 1.75, "norm is left in", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return layers.BatchNormalization()(layers.Multiply()([x, s]))

# %% wrong norm-left-in: 1.75, "norm is left in", like right conv1d-multiply
#       s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.BatchNormalization()(s)

# %% wrong old-backend: 0, "raised", like right conv1d-multiply
# -     c = x.shape[-1]
# +     c = x._keras_shape[-1]

# %% wrong pool-of-fixed-size: 5.75, "raised", like right conv1d-multiply
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.AveragePooling2D(x.shape[1:3])(x)

# %% wrong quarter-width: 1.75, "quarter", like right conv1d-multiply
# -     k = kernel_size(c, gamma, b)
# +     k = kernel_size(c // 4, gamma, b)

# %% wrong relu-after: 3.25, "after the block", like right conv1d-multiply
# -     return layers.Multiply()([x, s])
# +     return layers.ReLU()(layers.Multiply()([x, s]))

# %% wrong relu-before: 3.25, "before the block", like right conv1d-multiply
#       k = kernel_size(c, gamma, b)
# +     x = layers.ReLU()(x)

# %% wrong relu-before-squeeze: 3.25, "before the squeeze", like right conv1d-multiply
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.GlobalAveragePooling2D()(layers.ReLU()(x))

# %% wrong relu-twice: 3.25, "below one half", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, padding="same", use_bias=False, activation="relu")(s)

# %% wrong ring: 3.25, "ring", like right conv1d-multiply
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     if k > 1:
# +         s = ops.concatenate([s[:, -(k // 2):], s, s[:, :k // 2]], axis=1)
# +     s = layers.Conv1D(1, k, use_bias=False)(s)

# %% wrong rounded: 3, "rounded up", like right conv1d-multiply
# -     t = int(abs((math.log2(channels) + b) / gamma))
# +     t = round(abs((math.log2(channels) + b) / gamma))

# %% wrong shared-gate: 3.25, "share one gate", like right conv1d-multiply
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = ops.mean(x, axis=(0, 1, 2), keepdims=True)

# -     return layers.Multiply()([x, s])
# +     return x * s

# %% wrong softmax: 3.25, "softmax", like right conv1d-multiply
# -     s = layers.Activation("sigmoid")(s)
# +     s = layers.Softmax(axis=1)(s)

# %% wrong sum: 3.25, "adds up", like right conv1d-multiply
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = ops.sum(x, axis=(1, 2))

# %% wrong tensorflow-inside: 0, "KerasTensor", like right conv1d-multiply
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = tf.reduce_mean(x, axis=[1, 2])

# %% wrong third-axis-missing: 0, "raised", like right conv1d-multiply
# -     s = layers.Reshape((c, 1))(s)

# %% wrong ties-down: 6.25, "with 128 channels and the defaults", like right conv1d-multiply
# -     t = int(abs((math.log2(channels) + b) / gamma))
# -     return t if t % 2 else t + 1
# +     t = abs((math.log2(channels) + b) / gamma)
# +     return max(1, 2 * math.ceil(t / 2 - 1) + 1)

# %% wrong transposed-convolution: 3.25, "flipped", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1DTranspose(1, k, padding="same", use_bias=False)(s)

# %% wrong valid-padding: 0, "raised", like right conv1d-multiply
# -     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Conv1D(1, k, use_bias=False)(s)

# %% wrong full-matrix: 1.75, "band of k weights"
from keras import layers

def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c, use_bias=False, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong always-three: 3, "size 3", like wrong full-matrix
# +     k = 3
#       s = layers.GlobalAveragePooling2D()(x)
# -     s = layers.Dense(c, use_bias=False, activation="sigmoid")(s)
# +     s = layers.Reshape((c, 1))(s)
# +     s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
# +     s = layers.Activation("sigmoid")(s)
# +     s = layers.Reshape((1, 1, c))(s)

# %% wrong two-layers-as-in-se: 1.75, "model.summary", like wrong full-matrix
# -     s = layers.Dense(c, use_bias=False, activation="sigmoid")(s)
# +     s = layers.Dense(max(c // 16, 1), activation="relu")(s)
# +     s = layers.Dense(c, activation="sigmoid")(s)

# %% wrong layer-made-in-call: 1.25, "belong to the model", after shared
class ECA(layers.Layer):
    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.shift = gamma, b

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        c = x.shape[-1]
        k = kernel_size(c, self.gamma, self.shift)
        s = layers.Reshape((c, 1))(layers.GlobalAveragePooling2D()(x))
        s = layers.Conv1D(1, k, padding="same", use_bias=False, activation="sigmoid")(s)
        return x * layers.Reshape((1, 1, c))(s)


def eca_block(x, gamma=2, b=1):
    return ECA(gamma, b)(x)

# %% wrong not-written: 0, "not written"
def eca_block(x, gamma=2, b=1):
    raise NotImplementedError

# %% wrong one-gate-for-all: 1.75, "along which axis", after shared
def eca_block(x, gamma=2, b=1):
    c = x.shape[-1]
    k = kernel_size(c, gamma, b)
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Reshape((1, c))(s)
    s = layers.Conv1D(1, k, padding="same", use_bias=False)(s)
    s = layers.Activation("sigmoid")(s)
    s = layers.Reshape((1, 1, 1))(s)
    return x * s
