# %% right two-dense-layers
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c)
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])

# %% right inner-model
from keras import layers

def channel_attention(x, ratio=16):
    channels = x.shape[-1]
    mlp = keras.Sequential([layers.Dense(channels // ratio, activation="relu"), layers.Dense(channels)])
    gate = keras.activations.sigmoid(mlp(layers.GlobalAvgPool2D()(x)) + mlp(layers.GlobalMaxPool2D()(x)))
    return layers.multiply([x, layers.Reshape((1, 1, channels))(gate)])

# %% right lambda-and-joined-batch
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(int(c / ratio))
    second = layers.Dense(c)
    pooled = layers.Concatenate(axis=1)([
        layers.Lambda(lambda t: keras.ops.mean(t, axis=(1, 2), keepdims=True))(x),
        layers.Lambda(lambda t: keras.ops.max(t, axis=(1, 2), keepdims=True))(x),
    ])
    logits = second(layers.ReLU()(first(pooled)))
    return x * ops.sigmoid(logits[:, :1] + logits[:, 1:])

# %% right layer-of-layers
from keras import layers, ops

class ChannelAttention(layers.Layer):
    def __init__(self, ratio, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        self.first = layers.Dense(shape[-1] // self.ratio, activation="relu")
        self.second = layers.Dense(shape[-1])
        self.first.build((None, shape[-1]))
        self.second.build((None, shape[-1] // self.ratio))

    def call(self, x):
        pools = [ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))]
        logits = sum(self.second(self.first(pool)) for pool in pools)
        return x * ops.sigmoid(logits)[:, None, None, :]


def channel_attention(x, ratio=16):
    print('ratio', ratio)
    return ChannelAttention(ratio)(x)

# %% right layer-with-two-b2
from keras import ops

class ChannelGate(keras.Layer):
    """One product with w2 for both pools: its bias counts twice."""

    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def build(self, shape):
        c, m = shape[-1], shape[-1] // self.ratio
        self.w1 = self.add_weight(shape=(c, m), initializer="he_normal")
        self.b1 = self.add_weight(shape=(m,), initializer="zeros")
        self.w2 = self.add_weight(shape=(m, c), initializer="he_normal")
        self.b2 = self.add_weight(shape=(c,), initializer="zeros")

    def call(self, x):
        mean, largest = ops.mean(x, axis=(1, 2), keepdims=True), ops.amax(x, axis=(1, 2), keepdims=True)
        hidden = ops.relu(mean @ self.w1 + self.b1) + ops.relu(largest @ self.w1 + self.b1)
        return x * ops.sigmoid(hidden @ self.w2 + 2 * self.b2)


def channel_attention(x, ratio=16):
    return ChannelGate(ratio)(x)

# %% right one-by-one-convolutions
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Conv2D(c // ratio, 1, activation="relu", kernel_initializer="he_normal")
    second = layers.Conv2D(c, 1, kernel_initializer="he_normal")
    avg = layers.GlobalAveragePooling2D(keepdims=True)(x)
    mx = layers.GlobalMaxPooling2D(keepdims=True)(x)
    gate = ops.sigmoid(second(first(avg)) + second(first(mx)))
    return x * gate

# %% right stacked
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    pooled = ops.stack([ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))], axis=1)
    hidden = layers.Dense(c // ratio, activation="relu")(pooled)
    logits = ops.sum(layers.Dense(c)(hidden), axis=1)
    return x * ops.reshape(ops.sigmoid(logits), (-1, 1, 1, c))

# %% wrong bare-star: 1.5, "bare x", like right two-dense-layers
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.Activation("sigmoid")(s)
# -     return layers.Multiply()([x, s])
# +     return x * ops.sigmoid(s)

# %% wrong default-ratio-eight: 7, "and the defaults, the block has", like right two-dense-layers
# - def channel_attention(x, ratio=16):
# + def channel_attention(x, ratio=8):

# %% wrong dropout: 7, "dropout", like right two-dense-layers
# -     s = layers.Add()([second(first(a)), second(first(m))])
# +     drop = layers.Dropout(0.5)
# +     s = second(drop(first(a))) + second(drop(first(m)))

# %% wrong first-layer-twice: 1.75, "first layer is there twice", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# -     second = layers.Dense(c)

# -     s = layers.Add()([second(first(a)), second(first(m))])
# +     second = layers.Dense(c)
# +     s = second(layers.Dense(c // ratio, activation="relu")(a)) + second(layers.Dense(c // ratio, activation="relu")(m))

# %% wrong fixed-names: 7.5, "used 2 times", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# -     second = layers.Dense(c)
# +     first = layers.Dense(c // ratio, activation="relu", name="shared_1")
# +     second = layers.Dense(c, name="shared_2")

# %% wrong fraction: 0, "whole number", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(c / ratio, activation="relu")

# %% wrong frozen: 6.5, "not trainable", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(c // ratio, activation="relu", trainable=False)

# %% wrong gate-with-axes: 2, "gate itself", like right two-dense-layers
# -     return layers.Multiply()([x, s])
# +     return layers.Reshape((1, 1, c))(s)

# %% wrong known-sides-only: 7.5, "raised", like right two-dense-layers
# -     a = layers.GlobalAveragePooling2D()(x)
# -     m = layers.GlobalMaxPooling2D()(x)
# +     a = layers.Flatten()(layers.AveragePooling2D((x.shape[1], x.shape[2]))(x))
# +     m = layers.Flatten()(layers.MaxPooling2D((x.shape[1], x.shape[2]))(x))

# %% wrong layers-kept-by-width: 7.5, "share their weights", like right two-dense-layers
#   from keras import layers
# +
# + kept = {}
# +

# -     first = layers.Dense(c // ratio, activation="relu")
# -     second = layers.Dense(c)
# +     if (c, ratio) not in kept:
# +         kept[c, ratio] = layers.Dense(c // ratio, activation="relu"), layers.Dense(c)
# +     first, second = kept[c, ratio]

# %% wrong max-gradient-stopped: 7, "stopped gradient", like right two-dense-layers
# - from keras import layers
# + from keras import layers, ops

# -     s = layers.Add()([second(first(a)), second(first(m))])
# +     s = second(first(a)) + second(first(ops.stop_gradient(m)))

# %% wrong multiple-of-eight: 1.75, "multiple of 8", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(max(8, (c // ratio + 4) // 8 * 8), activation="relu")

# %% wrong no-biases: 4.5, "Both biases are missing", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# -     second = layers.Dense(c)
# +     first = layers.Dense(c // ratio, activation="relu", use_bias=False)
# +     second = layers.Dense(c, use_bias=False)

# %% wrong no-default-ratio: 7, "default values", like right two-dense-layers
# - def channel_attention(x, ratio=16):
# + def channel_attention(x, ratio):

# %% wrong no-relu: 3.25, "no ReLU", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(c // ratio)

# %% wrong no-return: 0, "None", like right two-dense-layers
# -     return layers.Multiply()([x, s])
# +     y = layers.Multiply()([x, s])

# %% wrong norm-left-in: 1.75, "norm is left in", like right two-dense-layers
#       s = layers.Add()([second(first(a)), second(first(m))])
# +     s = layers.BatchNormalization()(s)

# %% wrong numpy-inside: 0, "raised", like right two-dense-layers
# -     m = layers.GlobalMaxPooling2D()(x)
# +     m = np.max(x, axis=(1, 2))

# %% wrong old-keras-shape: 0, "older Keras", like right two-dense-layers
# -     c = x.shape[-1]
# +     c = x._keras_shape[-1]

# %% wrong old-tutorial-hard-sigmoid: 3.25, "hard sigmoid", like right two-dense-layers
# -     s = layers.Activation("sigmoid")(s)
# +     s = layers.Activation("hard_sigmoid")(s)

# %% wrong rate-as-width: 3.5, "ratio is taken", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# +     first = layers.Dense(ratio, activation="relu")

# %% wrong second-bias-once: 3.25, "counts once", like right two-dense-layers
# -     s = layers.Add()([second(first(a)), second(first(m))])
# +     s = second(first(a) + first(m))

# %% wrong second-layer-twice: 1.75, "second layer is there twice", like right two-dense-layers
# -     first = layers.Dense(c // ratio, activation="relu")
# -     second = layers.Dense(c)

# -     s = layers.Add()([second(first(a)), second(first(m))])
# +     first = layers.Dense(c // ratio, activation="relu")
# +     s = layers.Dense(c)(first(a)) + layers.Dense(c)(first(m))

# %% wrong sigmoid-twice: 3.25, "another one after", like right two-dense-layers
# -     second = layers.Dense(c)
# +     second = layers.Dense(c, activation="sigmoid")

# %% wrong tensorflow-inside: 0, "KerasTensor", like right two-dense-layers
# -     a = layers.GlobalAveragePooling2D()(x)
# -     m = layers.GlobalMaxPooling2D()(x)
# +     a, m = tf.reduce_mean(x, axis=[1, 2]), tf.reduce_max(x, axis=[1, 2])

# %% wrong no-bottleneck: 1.75, "no bottleneck"
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c, activation="relu")
    second = layers.Dense(c)
    mean = second(first(layers.GlobalAveragePooling2D()(x)))
    largest = second(first(layers.GlobalMaxPooling2D()(x)))
    gate = ops.sigmoid(mean + largest)
    return x * layers.Reshape((1, 1, c))(gate)

# %% wrong layer-norm: 1.75, "a norm is left in", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# +     first = layers.Dense(c // ratio, activation="relu")

# -     gate = ops.sigmoid(mean + largest)
# +     gate = ops.sigmoid(layers.LayerNormalization()(mean + largest))

# %% wrong no-first-bias: 4.5, "bias of the first layer", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# +     first = layers.Dense(c // ratio, activation="relu", use_bias=False)

# %% wrong no-second-bias: 4.5, "bias of the second layer", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# -     second = layers.Dense(c)
# +     first = layers.Dense(c // ratio, activation="relu")
# +     second = layers.Dense(c, use_bias=False)

# %% wrong ratio-ignored: 2.75, "ratio is ignored", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# +     first = layers.Dense(c // 16, activation="relu")

# %% wrong rounded-up: 4.5, "rounded up", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# +     first = layers.Dense(-(-c // ratio), activation="relu")

# %% wrong wider: 1.75, "made wider", like wrong no-bottleneck
# -     first = layers.Dense(c, activation="relu")
# +     first = layers.Dense(c * ratio, activation="relu")

# %% wrong average-of-pools: 3.25, "averaged before"
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(c // ratio, activation="relu")
    second = layers.Dense(c, activation="sigmoid")
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    return layers.Multiply()([x, second(first(layers.Average()([a, m])))])

# %% wrong max-only: 3.25, "mean is not used", like wrong average-of-pools
# -     a = layers.GlobalAveragePooling2D()(x)
#       m = layers.GlobalMaxPooling2D()(x)
# -     return layers.Multiply()([x, second(first(layers.Average()([a, m])))])
# +     return layers.Multiply()([x, second(first(m))])

# %% wrong mean-only: 3.25, "max is not used", like wrong average-of-pools
# -     m = layers.GlobalMaxPooling2D()(x)
# -     return layers.Multiply()([x, second(first(layers.Average()([a, m])))])
# +     return layers.Multiply()([x, second(first(a))])

# %% wrong sum-of-gates: 3.25, "two gates are added", like wrong average-of-pools
# -     return layers.Multiply()([x, second(first(layers.Average()([a, m])))])
# +     s = layers.Add()([second(first(a)), second(first(m))])
# +     return layers.Multiply()([x, s])

# %% wrong joined-descriptor: 1.75, "long vector"
from keras import layers

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    v = layers.Concatenate()([a, m])
    s = layers.Dense(c // ratio, activation="relu")(v)
    s = layers.Dense(c, activation="sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong joined-descriptor-wide: 1.75, "long vector", like wrong joined-descriptor
# -     s = layers.Dense(c // ratio, activation="relu")(v)
# +     s = layers.Dense(2 * c // ratio, activation="relu")(v)

# %% wrong layers-made-in-call: 1.25, "belong to the model"
from keras import layers, ops

class Gate(layers.Layer):
    def __init__(self, ratio):
        super().__init__()
        self.ratio = ratio

    def compute_output_shape(self, shape):
        return shape

    def call(self, x):
        first, second = layers.Dense(x.shape[-1] // self.ratio, activation="relu"), layers.Dense(x.shape[-1])
        s = second(first(ops.mean(x, axis=(1, 2)))) + second(first(ops.max(x, axis=(1, 2))))
        return layers.Multiply()([x, ops.sigmoid(s)])


def channel_attention(x, ratio=16):
    return Gate(ratio)(x)

# %% wrong layers-made-once: 4.25, "incompatible"
from keras import layers

first, second = None, None


def channel_attention(x, ratio=16):
    global first, second
    if first is None:
        first = layers.Dense(x.shape[-1] // ratio, activation="relu")
        second = layers.Dense(x.shape[-1])
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Add()([second(first(a)), second(first(m))])
    s = layers.Activation("sigmoid")(s)
    return layers.Multiply()([x, s])

# %% wrong numpy-methods: 0, "raised AttributeError"
def channel_attention(x, ratio=16):
    c = x.shape[-1]
    narrow, wide = keras.layers.Dense(c // ratio, activation="relu"), keras.layers.Dense(c)
    a = wide(narrow(x.max(axis=(1, 2)))) + wide(narrow(x.mean(axis=(1, 2))))
    return x * keras.ops.sigmoid(a)[:, None, None, :]

# %% wrong not-written: 0, "not written"
def channel_attention(x, ratio=16):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong one-layer: 1.75, "one layer where two"
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    layer = layers.Dense(c)
    mean = layer(layers.GlobalAveragePooling2D()(x))
    largest = layer(layers.GlobalMaxPooling2D()(x))
    gate = ops.sigmoid(mean + largest)
    return x * layers.Reshape((1, 1, c))(gate)

# %% wrong two-mlps: 1.75, "two MLPs"
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    a = layers.GlobalAveragePooling2D()(x)
    m = layers.GlobalMaxPooling2D()(x)
    s = layers.Dense(c // ratio, activation="relu")(a)
    s = layers.Dense(c)(s)
    t = layers.Dense(c // ratio, activation="relu")(m)
    t = layers.Dense(c)(t)
    return layers.Multiply()([x, ops.sigmoid(s + t)])
