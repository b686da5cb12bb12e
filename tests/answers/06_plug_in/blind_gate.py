# %% right layer
class Blind(keras.layers.Layer):
    def build(self, shape):
        self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits")

    def call(self, x):
        return x * keras.ops.sigmoid(self.logits)


def blind_gate(x):
    return Blind()(x)

# %% right gate-of-the-course
class BlindGate(Gate):
    def build(self, shape):
        self.w = self.add_weight(shape=(1, 1, 1, shape[-1]), initializer="random_normal")

    def gate(self, x):
        return self.open_by(self.w)


def blind_gate(x):
    return BlindGate()(x)

# %% right dense-on-a-one
def blind_gate(x):
    one = keras.ops.ones_like(x[:, :1, :1, :1])
    gate = keras.layers.Dense(x.shape[-1], use_bias=False, activation="sigmoid", kernel_initializer="zeros")(one)
    return keras.layers.Multiply()([x, gate])

# %% right bias-alone
def blind_gate(x):
    nothing = keras.ops.zeros_like(x[:, 0, 0, :1])
    layer = keras.layers.EinsumDense("bi,ic->bc", output_shape=x.shape[-1], activation="sigmoid")
    gate = layer(nothing + 1)
    return x * gate[:, None, None]

# %% right depthwise-on-ones
def blind_gate(x):
    ones = keras.ops.ones_like(x)
    gate = keras.layers.DepthwiseConv2D(1, use_bias=False, activation="sigmoid")(ones)
    return x * gate

# %% right made-in-the-constructor
class PerChannel(keras.Layer):
    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.a = self.add_weight(shape=(channels,), initializer=keras.initializers.Constant(2.0), trainable=True)

    def call(self, inputs):
        return inputs / (1 + keras.ops.exp(-self.a))


def blind_gate(tensor):
    return PerChannel(tensor.shape[-1])(tensor)

# %% wrong no-sigmoid: 2.5, "sigmoid is missing", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * self.logits

# %% wrong gate-returned: 2, "not the map", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return keras.ops.zeros_like(x) + keras.ops.sigmoid(self.logits)

# %% wrong input-added: 2.5, "input is added", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x + x * keras.ops.sigmoid(self.logits)

# %% wrong numbers-added: 2.5, "not multiplied", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x + keras.ops.sigmoid(self.logits)

# %% wrong sees-the-mean: 2.5, "depends on the image", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         mean = keras.ops.mean(x, axis=(1, 2), keepdims=True)
# +         return x * keras.ops.sigmoid(mean * self.logits)

# %% wrong sees-the-position: 2.5, "depends on the position", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.sigmoid(x * self.logits)

# %% wrong doubled: 2.5, "twice the sigmoid", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return 2 * x * keras.ops.sigmoid(self.logits)

# %% wrong tanh: 2.5, "tanh", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.tanh(self.logits)

# %% wrong relu: 2.5, "ReLU", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.relu(self.logits)

# %% wrong hard-sigmoid: 2.5, "hard sigmoid", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.hard_sigmoid(self.logits)

# %% wrong sign-changed: 2.5, "change their sign", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.sigmoid(-self.logits)

# %% wrong sigmoid-twice: 2.5, "taken twice", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.sigmoid(keras.ops.sigmoid(self.logits))

# %% wrong softmax: 2.5, "compete", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.softmax(self.logits)

# %% wrong along-the-columns: 0, "raised", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.sigmoid(self.logits)[:, None]

# %% wrong one-for-all: 1.5, "all channels together", like right layer
# -         self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits")
# +         self.logits = self.add_weight(shape=(1,), initializer="zeros", name="logits")

# %% wrong one-for-each-position: 1, "gate for each position", like right layer
# -         self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits")
# +         self.logits = self.add_weight(shape=shape[1:], initializer="zeros", name="logits")

# %% wrong not-trainable: 4, "not trainable", like right layer
# -         self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits")
# +         self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits", trainable=False)

# %% wrong gradient-stopped: 4.25, "gradient", like right layer
# -         return x * keras.ops.sigmoid(self.logits)
# +         return x * keras.ops.sigmoid(keras.ops.stop_gradient(self.logits))

# %% wrong class-returned: 0, "type Blind", like right layer
# -     return Blind()(x)
# +     return Blind()

# %% wrong constant: 1, "no weights"
def blind_gate(x):
    return 0.5 * x

# %% wrong variable-outside-a-layer: 1, "no weights"
def blind_gate(x):
    logits = keras.Variable(keras.ops.zeros((x.shape[-1],)))
    return x * keras.ops.sigmoid(logits.value)

# %% wrong dense-on-the-mean: 1.5, "from channels to channels"
def blind_gate(x):
    mean = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = keras.layers.Dense(x.shape[-1], use_bias=False, activation="sigmoid")(mean)
    return x * gate

# %% wrong dense-with-biases: 1.5, "layer with biases", like wrong dense-on-the-mean
# -     gate = keras.layers.Dense(x.shape[-1], use_bias=False, activation="sigmoid")(mean)
# +     gate = keras.layers.Dense(x.shape[-1], activation="sigmoid")(mean)

# %% wrong bias-too: 1.5, "two numbers"
def blind_gate(x):
    one = keras.ops.ones_like(x[:, :1, :1, :1])
    gate = keras.layers.Dense(x.shape[-1], activation="sigmoid", kernel_initializer="zeros")(one)
    return x * gate

# %% wrong se-instead: 1.5, "weights where", like wrong dense-on-the-mean
# -     mean = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
# -     gate = keras.layers.Dense(x.shape[-1], use_bias=False, activation="sigmoid")(mean)
# -     return x * gate
# +     return se_block(x, ratio=4)

# %% wrong layer-made-once: 4.5, "share their weights"
made = {}


class Blind(keras.layers.Layer):
    def build(self, shape):
        self.logits = self.add_weight(shape=(shape[-1],), initializer="zeros", name="logits")

    def call(self, x):
        return x * keras.ops.sigmoid(self.logits)


def blind_gate(x):
    layer = made.setdefault(x.shape[-1], Blind())
    return layer(x)

# %% wrong not-written: 0, "not written"
def blind_gate(x):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
