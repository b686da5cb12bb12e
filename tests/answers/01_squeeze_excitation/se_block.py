# %% right dense-multiply
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(channels // ratio, activation="relu")(s)
    s = layers.Dense(channels, activation="sigmoid")(s)
    # Multiply puts the missing axes in by itself
    return layers.Multiply()([x, s])

# %% right dense-reshape-star
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(channels // ratio, activation="relu", kernel_initializer="he_normal")(s)
    s = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(s)
    s = layers.Reshape((1, 1, channels))(s)
    return x * s

# %% right einsum-dense
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    m = c // ratio
    z = layers.GlobalAveragePooling2D()(x)
    h = layers.EinsumDense("bc,cm->bm", output_shape=m, bias_axes="m", activation="relu")(z)
    s = layers.EinsumDense("bm,mc->bc", output_shape=c, bias_axes="c", activation="sigmoid")(h)
    return ops.einsum("bhwc,bc->bhwc", x, s)

# %% right float64
from keras import layers

def se_block(x, ratio=16):
    channels = x.shape[-1]
    z = layers.GlobalAveragePooling2D(dtype="float64")(x)
    hidden = layers.Dense(channels // ratio, activation="relu", dtype="float64")(z)
    gate = layers.Dense(channels, activation="sigmoid", dtype="float64")(hidden)
    return layers.Multiply(dtype="float64")([x, gate])

# %% right inner-model
from keras import layers

def gate_model(channels, ratio):
    z = keras.Input((channels,))
    h = layers.Dense(channels // ratio, activation="relu")(z)
    s = layers.Dense(channels, activation="sigmoid")(h)
    return keras.Model(z, s)


def se_block(x, ratio=16):
    z = layers.GlobalAveragePooling2D()(x)
    return layers.Multiply()([x, gate_model(z.shape[-1], ratio)(z)])

# %% right kernels-out-in
from keras import layers, ops


# kept as PyTorch keeps them: (out, in), turned where they are used
class Excite(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        channels, width = shape[-1], shape[-1] // self.ratio
        self.w1 = self.add_weight(shape=(width, channels))
        self.b1 = self.add_weight(shape=(width,), initializer="zeros")
        self.w2 = self.add_weight(shape=(channels, width))
        self.b2 = self.add_weight(shape=(channels,), initializer="zeros")

    def call(self, x):
        z = ops.mean(x, axis=(1, 2))
        hidden = ops.relu(ops.matmul(z, ops.transpose(self.w1)) + self.b1)
        gate = ops.sigmoid(ops.matmul(hidden, ops.transpose(self.w2)) + self.b2)
        return x * gate[:, None, None, :]


def se_block(x, ratio=16):
    return Excite(ratio)(x)

# %% right lambda-and-printing
from keras import layers

import sys
import warnings


def se_block(inputs, ratio=16):
    _, height, width, channels = inputs.shape
    print("building a block for", height, width, channels)
    print("ratio", ratio, file=sys.stderr)
    if channels % ratio:
        warnings.warn("the ratio does not divide the channels")
    pooled = layers.Lambda(lambda t: keras.ops.mean(t, axis=(1, 2), keepdims=True))(inputs)
    squeezed = layers.Dense(max(channels // ratio, 1), activation="relu")(pooled)
    excited = layers.Dense(channels)(squeezed)
    return layers.Lambda(lambda pair: pair[0] * keras.ops.sigmoid(pair[1]))([inputs, excited])

# %% right layer-of-layers
from keras import layers

class SqueezeExcite(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        channels = input_shape[-1]
        self.pool = layers.GlobalAveragePooling2D(keepdims=True)
        self.first = layers.Dense(channels // self.ratio, activation="relu")
        self.second = layers.Dense(channels, activation="sigmoid")
        self.first.build((None, 1, 1, channels))
        self.second.build((None, 1, 1, channels // self.ratio))

    def call(self, x):
        return x * self.second(self.first(self.pool(x)))


def se_block(x, ratio=16):
    return SqueezeExcite(ratio)(x)

# %% right layer-with-own-weights
from keras import ops

class SE(keras.Layer):
    """The gate's weights by hand."""

    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c))
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w1 = self.add_weight(shape=(c, m))

    def call(self, x):
        z = ops.mean(x, axis=(1, 2), keepdims=True)
        return x * ops.sigmoid(ops.relu(z @ self.w1 + self.b1) @ self.w2 + self.b2)


def se_block(x, ratio=16):
    return SE(ratio)(x)

# %% right one-by-one-convolutions
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[3]
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(c // ratio, 1, activation="relu")(gate)
    gate = layers.Conv2D(c, 1, activation="sigmoid")(gate)
    return layers.Multiply()([gate, x])

# %% right ops-and-separate-activations
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    z = ops.mean(x, axis=[1, 2])
    z = layers.Dense(int(c / ratio))(z)
    z = layers.ReLU()(z)
    z = layers.Dense(c)(z)
    gate = layers.Activation("sigmoid")(z)
    gate = ops.expand_dims(ops.expand_dims(gate, 1), 1)
    return ops.multiply(x, gate)

# %% right sequential
from keras import layers

def se_block(x, ratio=16):
    filters = x.shape[-1]
    gate = keras.Sequential([
        layers.GlobalAveragePooling2D(),
        layers.Dense(filters // ratio, activation=keras.activations.relu),
        layers.Dense(filters, activation=keras.activations.sigmoid),
        layers.Reshape((1, 1, -1)),
    ])
    return layers.multiply([x, gate(x)])

# %% right slices-of-one
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAvgPool2D()(x)
    s = layers.Dense(c // ratio, "relu")(s)
    s = layers.Dense(c, "sigmoid")(s)
    return x * s[:, None, None, :]

# %% wrong dropout: 7, "dropout"
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dropout(0.5)(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong bare-star: 1.5, "bare x", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return x * s

# %% wrong channels-on-axis-one: 0, "raised ValueError", like wrong dropout
# -     c = x.shape[-1]
# +     c = x.shape[1]

# -     s = layers.Dropout(0.5)(s)

# %% wrong default-ratio-eight: 7, "and the defaults, the block has", like wrong dropout
# - def se_block(x, ratio=16):
# + def se_block(x, ratio=8):

# -     s = layers.Dropout(0.5)(s)

# %% wrong fraction: 0, "units", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c / ratio, activation="relu")(s)

# %% wrong frozen: 6.5, "not trainable", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c // ratio, activation="relu", trainable=False)(s)
# +     s = layers.Dense(c, activation="sigmoid", trainable=False)(s)

# %% wrong gate-alone: 1.5, "gate itself", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return s

# %% wrong gate-turned-round: 3.25, "turned round", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return layers.Multiply()([x, 1 - s])

# %% wrong gelu: 3.25, "plain ReLU", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio, activation="gelu")(s)

# %% wrong hard-sigmoid: 3.25, "hard sigmoid", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c, activation="hard_sigmoid")(s)

# %% wrong input-added: 3.25, "residual", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return layers.Add()([x, layers.Multiply()([x, s])])

# %% wrong input-returned: 1.25, "belong to the model", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     layers.Multiply()([x, s])
# +     return x

# %% wrong layer-norm: 1.75, "a norm is left in", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c)(s)
# +     s = layers.Activation("sigmoid")(layers.LayerNormalization()(s))

# %% wrong max-pooling: 3.25, "takes the max", like wrong dropout
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.GlobalMaxPooling2D()(x)
#       s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)

# %% wrong model-returned: 0, "type Functional", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return keras.Model(x, layers.Multiply()([x, s]))

# %% wrong multiple-of-eight: 1.75, "multiple of 8", like wrong dropout
# +     m = max(8, (c // ratio + 4) // 8 * 8)
#       s = layers.GlobalAveragePooling2D()(x)
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(m, activation="relu")(s)

# %% wrong new-input: 0, "raised", like wrong dropout
#       c = x.shape[-1]
# +     x = keras.Input(x.shape[1:])

# -     s = layers.Dropout(0.5)(s)

# %% wrong no-biases: 4.5, "biases are missing", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c // ratio, activation="relu", use_bias=False)(s)
# +     s = layers.Dense(c, activation="sigmoid", use_bias=False)(s)

# %% wrong no-bottleneck: 1.75, "no bottleneck", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c, activation="relu")(s)

# %% wrong no-default-ratio: 7, "ratio", like wrong dropout
# - def se_block(x, ratio=16):
# + def se_block(x, ratio):

# -     s = layers.Dropout(0.5)(s)

# %% wrong no-first-bias: 4.5, "bias of the first layer", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio, activation="relu", use_bias=False)(s)

# %% wrong no-relu: 3.25, "no ReLU", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio)(s)

# %% wrong no-return: 0, "return", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     y = layers.Multiply()([x, s])

# %% wrong no-second-bias: 4.5, "bias of the second layer", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c, activation="sigmoid", use_bias=False)(s)

# %% wrong no-sigmoid: 3.25, "sigmoid is missing", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c)(s)

# %% wrong no-squeeze: 3.25, "no squeeze", like wrong dropout
# -     s = layers.GlobalAveragePooling2D()(x)
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio, activation="relu")(x)

# %% wrong norm-after-block: 1.75, "norm is left in", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return layers.BatchNormalization()(layers.Multiply()([x, s]))

# %% wrong norm-in-bottleneck: 1.75, "norm is left in", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio)(s)
# +     s = layers.BatchNormalization()(s)
# +     s = layers.ReLU()(s)

# %% wrong numpy-inside: 0, "raised", like wrong dropout
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = np.mean(x, axis=(1, 2))
#       s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)

# %% wrong pair-returned: 0, "tuple", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return layers.Multiply()([x, s]), s

# %% wrong rate-as-width: 3.5, "ratio is taken", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(ratio, activation="relu")(s)

# %% wrong ratio-ignored: 2.75, "ratio is ignored", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // 16, activation="relu")(s)

# %% wrong relu-after: 3.25, "after the block", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
#       s = layers.Dense(c, activation="sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return layers.ReLU()(layers.Multiply()([x, s]))

# %% wrong relu-before: 3.25, "before the block", like wrong dropout
#       c = x.shape[-1]
# +     x = layers.ReLU()(x)

# -     s = layers.Dropout(0.5)(s)

# %% wrong relu-before-first-layer: 3.25, "before the first layer", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c // ratio)(layers.ReLU()(s))

# %% wrong relu-twice: 3.25, "below one half", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c, activation="relu")(s)
# +     s = layers.Activation("sigmoid")(s)

# %% wrong softmax: 3.25, "softmax", like wrong dropout
# -     s = layers.Dropout(0.5)(s)
# -     s = layers.Dense(c, activation="sigmoid")(s)
# +     s = layers.Dense(c, activation="softmax")(s)

# %% wrong tensorflow-inside: 0, "KerasTensor", like wrong dropout
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = tf.reduce_mean(x, axis=[1, 2])
#       s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)

# %% wrong wider: 1.75, "wider", like wrong dropout
# -     s = layers.Dense(c // ratio, activation="relu")(s)
# -     s = layers.Dropout(0.5)(s)
# +     s = layers.Dense(c * ratio, activation="relu")(s)

# %% wrong batch-of-one: 1.5, "raised"
from keras import layers, ops

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return x * ops.reshape(s, (1, 1, 1, c))

# %% wrong gate-gradient-stopped: 7, "gradient", like wrong batch-of-one
# -     return x * ops.reshape(s, (1, 1, 1, c))
# +     return layers.Multiply()([x, ops.stop_gradient(s)])

# %% wrong shared-gate: 3.25, "share one gate", like wrong batch-of-one
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = ops.mean(x, axis=(0, 1, 2), keepdims=True)

# -     return x * ops.reshape(s, (1, 1, 1, c))
# +     return x * s

# %% wrong squeeze-gradient-stopped: 7, "gradient", like wrong batch-of-one
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = layers.GlobalAveragePooling2D()(ops.stop_gradient(x))

# -     return x * ops.reshape(s, (1, 1, 1, c))
# +     return layers.Multiply()([x, s])

# %% wrong sum: 3.25, "adds up", like wrong batch-of-one
# -     s = layers.GlobalAveragePooling2D()(x)
# +     s = ops.sum(x, axis=(1, 2))

# -     return x * ops.reshape(s, (1, 1, 1, c))
# +     return layers.Multiply()([x, s])

# %% wrong first-gate: 3.25, "first image"
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return x * s[0]

# %% wrong gate-added: 3.25, "gate is added", like wrong first-gate
# -     return x * s[0]
# +     return layers.Add()([x, s])

# %% wrong one-layer: 1.75, "one layer"
from keras import layers

def se_block(x, ratio=16):
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(x.shape[-1], activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong channels-written-down: 0, "raised ValueError", like wrong one-layer
# -     s = layers.Dense(x.shape[-1], activation="sigmoid")(s)
# +     s = layers.Dense(64 // ratio, activation="relu")(s)
# +     s = layers.Dense(64, activation="sigmoid")(s)

# %% wrong divides-by-known-sides: 7.5, "raised TypeError"
from keras import layers, ops

def se_block(x, ratio=16):
    _, H, W, C = x.shape
    s = ops.sum(x, axis=(1, 2)) / (H * W)
    s = layers.Dense(C // ratio, activation="relu")(s)
    s = layers.Dense(C, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong fixed-names: 7.5, "used 2 times"
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(name="squeeze")(x)
    s = layers.Dense(c // ratio, activation="relu", name="excite_1")(s)
    s = layers.Dense(c, activation="sigmoid", name="excite_2")(s)
    return layers.Multiply(name="scale")([x, s])

# %% wrong gate-with-axes: 2, "gate itself"
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(c // ratio, 1, activation="relu")(s)
    s = layers.Conv2D(c, 1, activation="sigmoid")(s)
    return s

# %% wrong gates-from-two-pairs-of-layers: 1.75, "two layers are there twice"
from keras import layers

def gate(s, c, ratio):
    s = layers.Dense(c // ratio, activation="relu")(s)
    return layers.Dense(c, activation="sigmoid")(s)


def se_block(x, ratio=16):
    # the squeeze twice over, and the mean of the two gates
    s = layers.GlobalAveragePooling2D()(x)
    both = layers.Average()([gate(s, x.shape[-1], ratio), gate(s, x.shape[-1], ratio)])
    return layers.Multiply()([x, both])

# %% wrong layers-kept-by-width: 7.5, "share their weights"
from keras import layers

kept = {}


def se_block(x, ratio=16):
    c = x.shape[-1]
    if (c, ratio) not in kept:
        kept[c, ratio] = (layers.Dense(c // ratio, activation="relu"), layers.Dense(c, activation="sigmoid"))
    first, second = kept[c, ratio]
    s = layers.GlobalAveragePooling2D()(x)
    return layers.Multiply()([x, second(first(s))])

# %% wrong layers-made-in-call: 1.25, "belong to the model"
from keras import layers

class SE(layers.Layer):
    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        c = x.shape[-1]
        s = layers.GlobalAveragePooling2D()(x)
        s = layers.Dense(c // self.ratio, activation="relu")(s)
        s = layers.Dense(c, activation="sigmoid")(s)
        return layers.Multiply()([x, s])


def se_block(x, ratio=16):
    return SE(ratio)(x)

# %% wrong layers-made-once: 4.25, "incompatible"
from keras import layers

my_pool = layers.GlobalAveragePooling2D()
my_first, my_second = None, None


def se_block(x, ratio=16):
    global my_first, my_second
    if my_first is None:
        my_first = layers.Dense(x.shape[-1] // ratio, activation="relu")
        my_second = layers.Dense(x.shape[-1], activation="sigmoid")
    return layers.Multiply()([x, my_second(my_first(my_pool(x)))])

# %% wrong not-written: 0, "not written"
def se_block(x, ratio=16):
    raise NotImplementedError

# %% wrong old-backend: 0, "raised"
from keras import layers

def se_block(x, ratio=16):
    c = x._keras_shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.multiply([x, s])

# %% wrong pool-of-fixed-size: 7.5, "raised"
from keras import layers

def se_block(x, ratio=16):
    _, height, width, c = x.shape
    s = layers.AveragePooling2D((height, width))(x)
    s = layers.Conv2D(c // ratio, 1, activation="relu")(s)
    s = layers.Conv2D(c, 1, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong rounded-up: 4.5, "rounded up"
from keras import layers

import math


def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D()(x)
    s = layers.Dense(math.ceil(c / ratio), activation="relu")(s)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong three-by-three: 1.75, "model.summary"
from keras import layers

def se_block(x, ratio=16):
    c = x.shape[-1]
    s = layers.GlobalAveragePooling2D(keepdims=True)(x)
    s = layers.Conv2D(c // ratio, 3, padding="same", activation="relu")(s)
    s = layers.Conv2D(c, 3, padding="same", activation="sigmoid")(s)
    return layers.Multiply()([x, s])
