# %% right ops-and-layers
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])

# %% right depthwise-then-sum
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
    each = layers.DepthwiseConv2D(kernel_size, padding="same", use_bias=False)(d)
    return x * ops.sigmoid(ops.sum(each, axis=-1, keepdims=True))

# %% right inner-model
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    pooled = keras.Input((None, None, 2))
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(pooled)
    gate_model = keras.Model(pooled, gate)
    maps = [reduce(x, axis=-1, keepdims=True) for reduce in (ops.mean, ops.max)]
    return x * gate_model(ops.concatenate(maps, axis=-1))

# %% right lambda-layers
from keras import layers

def spatial_attention(x, kernel_size=7):
    avg = layers.Lambda(lambda t: keras.ops.mean(t, axis=-1, keepdims=True))(x)
    mx = layers.Lambda(lambda t: keras.ops.max(t, axis=-1, keepdims=True))(x)
    cat = layers.Concatenate()([avg, mx])
    s = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(cat)
    s = layers.Activation("sigmoid")(s)
    return layers.multiply([x, s])

# %% right layer-of-layers
from keras import layers, ops

class ChannelPool(layers.Layer):
    def call(self, x):
        return ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)


class Spatial(layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.pool = ChannelPool()
        self.conv = layers.Conv2D(1, size, padding="same", use_bias=False, activation="sigmoid")

    def call(self, x):
        return x * self.conv(self.pool(x))


def spatial_attention(x, kernel_size=7):
    return Spatial(kernel_size)(x)

# %% right layer-with-own-weights
from keras import ops

class SpatialGate(keras.Layer):
    def __init__(self, k):
        super().__init__()
        self.k = k

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.k, self.k, 2, 1), initializer="glorot_uniform")

    def call(self, x):
        d = ops.concatenate([ops.mean(x, -1, keepdims=True), ops.max(x, -1, keepdims=True)], -1)
        return x * ops.sigmoid(ops.conv(d, self.kernel, padding="same"))


def spatial_attention(x, kernel_size=7):
    return SpatialGate(kernel_size)(x)

# %% right padded-by-hand
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.amax(x, axis=-1, keepdims=True)], axis=-1)
    d = layers.ZeroPadding2D(kernel_size // 2)(d)
    a = layers.Conv2D(1, kernel_size, padding="valid", use_bias=False)(d)
    return layers.Multiply()([layers.Activation("sigmoid")(a), x])

# %% right prints-and-names
from keras import layers, ops

import itertools
counter = itertools.count()


def spatial_attention(inputs, kernel_size=7):
    print("block for", inputs.shape)
    n = next(counter)
    avg = ops.mean(inputs, axis=-1)[..., None]
    most = ops.max(inputs, axis=-1)[..., None]
    both = layers.Concatenate(axis=3, name=f"both_{n}")([avg, most])
    conv = layers.Conv2D(1, kernel_size, 1, "same", use_bias=False, activation=ops.sigmoid, name=f"conv_{n}")
    return layers.Multiply(name=f"out_{n}")([inputs, conv(both)])

# %% right stack-and-star
def spatial_attention(x, kernel_size=7):
    pooled = keras.ops.stack([keras.ops.mean(x, axis=3), keras.ops.max(x, axis=3)], axis=3)
    logits = keras.layers.Conv2D(filters=1, kernel_size=(kernel_size, kernel_size), strides=1, padding="same",
                                 use_bias=False, kernel_initializer="he_normal")(pooled)
    return x * keras.ops.sigmoid(logits)

# %% wrong bare-gate-without-axis: 0, "raised", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return layers.Multiply()([x, gate[..., 0]])

# %% wrong bias: 4, "has a bias", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", activation="sigmoid")(d)

# %% wrong bias-starts-at-one: 1.5, "has a bias", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", bias_initializer="ones", activation="sigmoid")(d)

# %% wrong dropout: 6.25, "dropout", like right ops-and-layers
#       gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Dropout(0.5)(gate)

# %% wrong filters-as-many-as-channels: 1.5, "weights for every channel", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(x.shape[-1], kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong fixed-names: 6.5, "fixed name", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid", name="spatial")(d)

# %% wrong frozen: 5.5, "not trainable", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, trainable=False, activation="sigmoid")(d)

# %% wrong gate-added: 3, "added", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return layers.Add()([x, gate])

# %% wrong gate-alone: 2, "gate itself", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return gate

# %% wrong gate-gradient-stopped: 6.25, "gradient", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return layers.Multiply()([x, ops.stop_gradient(gate)])

# %% wrong input-added: 3, "input is added", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return x + x * gate

# %% wrong input-returned: 1, "0 weights", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return x

# %% wrong joined-on-axis-one: 0, "raised", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Concatenate(axis=1)([mean, largest])

# %% wrong joined-on-axis-two: 0, "raised", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Concatenate(axis=2)([mean, largest])

# %% wrong keepdims-missing: 0, "raised", like right ops-and-layers
# -     mean = ops.mean(x, axis=-1, keepdims=True)
# -     largest = ops.max(x, axis=-1, keepdims=True)
# +     mean = ops.mean(x, axis=-1)
# +     largest = ops.max(x, axis=-1)

# %% wrong layer-norm: 1.5, "norm is left in", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(d)
# +     a = layers.LayerNormalization()(a)
# +     gate = ops.sigmoid(a)

# %% wrong learned-pooling: 1.5, "expected", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Conv2D(2, 1, use_bias=False)(x)

# %% wrong max-first: 3, "order is swapped", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Concatenate(axis=-1)([largest, mean])

# %% wrong mean-alone: 1.5, "sees one map", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = mean

# %% wrong mean-twice: 3, "both maps are the mean", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Concatenate(axis=-1)([mean, mean])

# %% wrong model-returned: 0, "type Functional", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return keras.Model(x, layers.Multiply()([x, gate]))

# %% wrong new-input: 0, "raised", like right ops-and-layers
#   def spatial_attention(x, kernel_size=7):
# +     x = keras.Input(x.shape[1:])

# %% wrong no-argument-for-the-size: 6, "unexpected keyword", like right ops-and-layers
# - def spatial_attention(x, kernel_size=7):
# + def spatial_attention(x):

# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong no-default-size: 1, "required positional", like right ops-and-layers
# - def spatial_attention(x, kernel_size=7):
# + def spatial_attention(x, kernel_size):

# %% wrong no-pooling: 1.5, "channels themselves", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = x

# %% wrong no-return: 0, "return", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     y = layers.Multiply()([x, gate])

# %% wrong no-sigmoid: 3, "sigmoid is missing", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(d)

# %% wrong norm: 1.5, "batch norm is left in", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(d)
# +     a = layers.BatchNormalization(epsilon=1e-5, momentum=0.99)(a)
# +     gate = ops.sigmoid(a)

# %% wrong norm-and-bias: 1.5, "batch norm is left in, and", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     a = layers.Conv2D(1, kernel_size, padding="same")(d)
# +     a = layers.BatchNormalization()(a)
# +     gate = ops.sigmoid(a)

# %% wrong official-norm: 1.5, "batch norm is left in", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(d)
# +     a = layers.BatchNormalization(epsilon=1e-5, momentum=0.99, gamma_initializer="zeros")(a)
# +     gate = ops.sigmoid(a)

# %% wrong pooled-maps-gated: 2, "pooled maps", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return layers.Multiply()([d, gate])

# %% wrong relu-after-conv: 3, "below one half", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="relu")(d)
# +     gate = ops.sigmoid(a)

# %% wrong sides-written-down: 6.5, "raised", like right ops-and-layers
# -     return layers.Multiply()([x, gate])
# +     return layers.Multiply()([x, layers.Reshape((*x.shape[1:3], 1))(gate)])

# %% wrong size-one: 1.5, "size 1", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, 1, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong size-seven-always: 6, "kernel_size 3, the block has 98 weights", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong size-three-always: 2.5, "size 3", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, 3, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong size-three-by-default: 2.5, "size 3", like right ops-and-layers
# - def spatial_attention(x, kernel_size=7):
# + def spatial_attention(x, kernel_size=3):

# %% wrong softmax-over-one-channel: 3, "wrong", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="softmax")(d)

# %% wrong sum-in-place-of-concat: 1.5, "sees one map", like right ops-and-layers
# -     d = layers.Concatenate(axis=-1)([mean, largest])
# +     d = layers.Add()([mean, largest])

# %% wrong two-filters: 0, "raised", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(2, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)

# %% wrong two-filters-averaged: 1.5, "two filters", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(2, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = ops.mean(gate, axis=-1, keepdims=True)

# %% wrong valid: 0, "raised", like right ops-and-layers
# -     gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
# +     gate = layers.Conv2D(1, kernel_size, padding="valid", use_bias=False, activation="sigmoid")(d)

# %% wrong numpy-inside: 0, "raised"
from keras import layers

def spatial_attention(x, kernel_size=7):
    mean = np.mean(x, axis=-1, keepdims=True)
    largest = np.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])

# %% wrong old-backend: 0, "raised", like wrong numpy-inside
# -     mean = np.mean(x, axis=-1, keepdims=True)
# -     largest = np.max(x, axis=-1, keepdims=True)
# +     mean = keras.backend.mean(x, axis=-1, keepdims=True)
# +     largest = keras.backend.max(x, axis=-1, keepdims=True)

# %% wrong pooled-over-places: 0, "raised", like wrong numpy-inside
# -     mean = np.mean(x, axis=-1, keepdims=True)
# -     largest = np.max(x, axis=-1, keepdims=True)
# +     mean = layers.GlobalAveragePooling2D()(x)
# +     largest = layers.GlobalMaxPooling2D()(x)

# %% wrong tensorflow-inside: 0, "KerasTensor", like wrong numpy-inside
# -     mean = np.mean(x, axis=-1, keepdims=True)
# -     largest = np.max(x, axis=-1, keepdims=True)
# +     mean = tf.reduce_mean(x, axis=-1, keepdims=True)
# +     largest = tf.reduce_max(x, axis=-1, keepdims=True)

# %% wrong layer-made-in-call: 1, "belong to the model"
from keras import layers, ops

class Spatial(layers.Layer):
    def call(self, x):
        d = ops.concatenate([ops.mean(x, axis=-1, keepdims=True), ops.max(x, axis=-1, keepdims=True)], axis=-1)
        return x * layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)

    def compute_output_shape(self, shape):
        return shape


def spatial_attention(x, kernel_size=7):
    return Spatial()(x)

# %% wrong layer-made-once: 5.5, "share their weights"
from keras import layers, ops

conv_7x7 = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")


def spatial_attention(x, kernel_size=7):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    return x * conv_7x7(ops.concatenate([mean, largest], axis=-1))

# %% wrong not-written: 0, "not written yet"
def spatial_attention(x, kernel_size=7):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong two-separate-convolutions: 1.5, "other shapes"
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    a = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(ops.mean(x, axis=-1, keepdims=True))
    b = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(ops.max(x, axis=-1, keepdims=True))
    return x * ops.sigmoid(a + b)
