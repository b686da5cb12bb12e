# %% shared
from keras import layers, ops

def attach(name, x):
    if name == "none":
        return x
    return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)

# %% right loop
from keras import layers

def attach(name, x):
    if name == "none":
        return x
    return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)


def small_resnet(attention, input_shape, classes):
    inputs = keras.Input(input_shape)
    x = keras.layers.ReLU()(conv_norm(inputs, 16, 3, 2))
    for filters, stride in [(16, 1), (32, 2)]:
        branch = conv_norm(x, filters, 3, stride)
        branch = keras.layers.ReLU()(branch)
        branch = conv_norm(branch, filters, 3)
        branch = attach(attention, branch)
        shortcut = x
        if stride != 1:
            shortcut = conv_norm(x, filters, 1, stride)
        x = keras.layers.Add()([shortcut, branch])
        x = keras.layers.ReLU()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)

# %% right own-convolutions
from keras import layers

def attach(name, x):
    if name == "none":
        return x
    return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)


def conv_bn(x, f, k, s=1, relu=False):
    x = keras.layers.Conv2D(filters=f, kernel_size=(k, k), strides=(s, s), padding="same", use_bias=False,
                      kernel_initializer="he_normal")(x)
    x = keras.layers.BatchNormalization(momentum=0.9, axis=3)(x)
    return keras.layers.Activation("relu")(x) if relu else x


def block(x, f, s, attention):
    y = conv_bn(x, f, 3, s, relu=True)
    y = conv_bn(y, f, 3)
    y = attach(attention, y)
    if s > 1 or x.shape[-1] != f:
        x = conv_bn(x, f, 1, s)
    return keras.layers.Activation("relu")(keras.layers.add([y, x]))


def small_resnet(attention, input_shape, classes):
    print("building", attention, input_shape, classes)
    image = keras.layers.Input(input_shape)
    x = conv_bn(image, 16, 3, 2, relu=True)
    x = block(x, 16, 1, attention)
    x = block(x, 32, 2, attention)
    x = keras.layers.GlobalAvgPool2D(keepdims=True)(x)
    x = keras.layers.Flatten()(x)
    return keras.models.Model(inputs=image, outputs=keras.layers.Dense(classes, "softmax", dtype="float32")(x))

# %% right separate-stem-model, after shared
def stem(shape):
    return keras.Sequential([
        keras.Input(shape),
        keras.layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False),
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.ReLU(),
    ])


def small_resnet(attention, input_shape, classes):
    inputs = keras.Input(tuple(input_shape))
    x = stem(input_shape)(inputs)
    widths, strides = [16, 32], [1, 2]
    for i in range(2):
        y = x
        for j in range(2):
            y = conv_norm(y, widths[i], 3, strides[i] if j == 0 else 1)
            if j == 0:
                y = keras.ops.relu(y)
        y = attach(attention, y)
        if i == 1:
            x = conv_norm(x, 32, 1, 2)
        x = keras.ops.relu(keras.ops.add(x, y))
    z = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(classes)(z)))

# %% right written-out, after shared
def small_resnet(attention, input_shape, classes):
    x0 = keras.Input(shape=input_shape, name="picture")
    x1 = keras.activations.relu(conv_norm(x0, 16, 3, 2))
    f1 = conv_norm(keras.activations.relu(conv_norm(x1, 16, 3)), 16, 3)
    x2 = keras.activations.relu(x1 + attach(attention, f1))
    f2 = conv_norm(keras.activations.relu(conv_norm(x2, 32, 3, 2)), 32, 3)
    x3 = keras.activations.relu(conv_norm(x2, 32, 1, 2) + attach(attention, f2))
    logits = keras.layers.Dense(classes)(keras.ops.mean(x3, axis=(1, 2)))
    return keras.Model(x0, keras.ops.softmax(logits, axis=-1), name="small")

# %% wrong renamed-parameters: 0, "keyword argument", like right loop
# - def small_resnet(attention, input_shape, classes):
# -     inputs = keras.Input(input_shape)
# + def small_resnet(attention, shape, classes):
# +     inputs = keras.Input(shape)

# %% wrong subclassed: 0, "where a functional keras.Model is expected", like right loop
# - def small_resnet(attention, input_shape, classes):
# + def functional(attention, input_shape, classes):

# -     return keras.Model(inputs, outputs)
# +     return keras.Model(inputs, outputs)
# +
# +
# + class SmallResNet(keras.Model):
# +     def __init__(self, attention, input_shape, classes):
# +         super().__init__()
# +         self.network = functional(attention, input_shape, classes)
# +
# +     def call(self, x, training=False):
# +         return self.network(x, training=training)
# +
# +
# + def small_resnet(attention, input_shape, classes):
# +     model = SmallResNet(attention, input_shape, classes)
# +     model(keras.Input(input_shape))
# +     return model

# %% wrong always-se: 1.75, "an attention block", like right loop
# -         branch = attach(attention, branch)
# +         branch = attach('se', branch)

# %% wrong attention-after-addition: 5.25, "after the addition", like right loop
# -         branch = attach(attention, branch)

#           x = keras.layers.Add()([shortcut, branch])
# +         x = attach(attention, x)

# %% wrong attention-after-last-relu: 5.25, "after the last ReLU", like right loop
# -         branch = attach(attention, branch)

#           x = keras.layers.ReLU()(x)
# +         x = attach(attention, x)

# %% wrong attention-before-the-head-too: 4, "before the head", like right loop
# -     x = keras.layers.GlobalAveragePooling2D()(x)
# +     x = keras.layers.GlobalAveragePooling2D()(attach(attention, x))

# %% wrong attention-behind-each-norm: 4, "attached twice in each block", like right loop
# -         branch = keras.layers.ReLU()(branch)
# +         branch = keras.layers.ReLU()(attach(attention, branch))

# %% wrong attention-behind-the-stem-too: 4, "after the stem", like right loop
# -     x = keras.layers.ReLU()(conv_norm(inputs, 16, 3, 2))
# +     x = attach(attention, keras.layers.ReLU()(conv_norm(inputs, 16, 3, 2)))

# %% wrong attention-ignored: 4, "attention is missing", like right loop
# -         branch = attach(attention, branch)

# %% wrong attention-in-first-block-alone: 4, "only the first block", like right loop
# -         branch = attach(attention, branch)
# +         if filters == 16:
# +             branch = attach(attention, branch)

# %% wrong attention-in-last-block-alone: 4, "only the last block", like right loop
# -         branch = attach(attention, branch)
# +         if filters == 32:
# +             branch = attach(attention, branch)

# %% wrong attention-in-the-middle: 5.25, "first norm", like right loop
#           branch = conv_norm(x, filters, 3, stride)
# +         branch = attach(attention, branch)

# -         branch = attach(attention, branch)

# %% wrong attention-on-shortcut: 5.25, "on the shortcut", like right loop
# -         branch = attach(attention, branch)

#               shortcut = conv_norm(x, filters, 1, stride)
# +         shortcut = attach(attention, shortcut)

# %% wrong biases: 1.75, "have biases", like right loop
#       return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)
# +
# +
# + def conv_norm(x, filters, size, stride=1):
# +     x = keras.layers.Conv2D(filters, size, strides=stride, padding="same")(x)
# +     return keras.layers.BatchNormalization(momentum=0.9)(x)

# %% wrong branch-ends-in-relu: 4, "branch ends in a relu", like right loop
#           branch = attach(attention, branch)
# +         branch = keras.layers.ReLU()(branch)

# -         x = keras.layers.ReLU()(x)

# %% wrong fixed-input: 1, "expected shape", like right loop
# -     inputs = keras.Input(input_shape)
# +     inputs = keras.Input((20, 20, 3))

# %% wrong frozen-norms: 4.75, "not trainable", like right loop
#       return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)
# +
# +
# + def conv_norm(x, filters, size, stride=1):
# +     x = keras.layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)
# +     return keras.layers.BatchNormalization(momentum=0.9, trainable=False)(x)

# %% wrong gradient-stopped: 6.25, "gradient", like right loop
# - from keras import layers
# + from keras import layers, ops

#           branch = attach(attention, branch)
# +         branch = keras.ops.stop_gradient(branch)

# %% wrong logits: 3.5, "logits", like right loop
# -     outputs = keras.layers.Dense(classes, activation="softmax")(x)
# +     outputs = keras.layers.Dense(classes)(x)

# %% wrong max-head: 4, "max over positions", like right loop
# -     x = keras.layers.GlobalAveragePooling2D()(x)
# +     x = keras.layers.GlobalMaxPooling2D()(x)

# %% wrong no-inner-relu: 4, "two convolutions of a branch", like right loop
# -         branch = keras.layers.ReLU()(branch)

# %% wrong no-last-relu: 4, "after the addition is missing", like right loop
# -         x = keras.layers.ReLU()(x)

# %% wrong no-norms: 1.75, "norms are missing", like right loop
#       return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)
# +
# +
# + def conv_norm(x, filters, size, stride=1):
# +     return keras.layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)

# %% wrong projection-in-first-block: 1.75, "first block has a convolution", like right loop
# -         shortcut = x
# -         if stride != 1:
# -             shortcut = conv_norm(x, filters, 1, stride)
# +         shortcut = conv_norm(x, filters, 1, stride)

# %% wrong relu-before-attention: 4, "between the last norm", like right loop
#           branch = conv_norm(branch, filters, 3)
# +         branch = keras.layers.ReLU()(branch)

# %% wrong shortcut-pooled-and-joined: 1.75, "1x1 convolution of the second shortcut", like right loop
# -             shortcut = conv_norm(x, filters, 1, stride)
# +             shortcut = layers.MaxPooling2D(stride, padding="same")(x)
# +             shortcut = layers.Concatenate()([shortcut, shortcut])

# %% wrong shortcut-three-by-three: 1.75, "3x3 convolution where", like right loop
# -             shortcut = conv_norm(x, filters, 1, stride)
# +             shortcut = conv_norm(x, filters, 3, stride)

# %% wrong shortcut-without-norm: 1.75, "norm of the shortcut is missing", like right loop
# -             shortcut = conv_norm(x, filters, 1, stride)
# +             shortcut = layers.Conv2D(filters, 1, strides=stride, padding="same", use_bias=False)(x)

# %% wrong sigmoid-head: 3.5, "sigmoid", like right loop
# -     outputs = keras.layers.Dense(classes, activation="softmax")(x)
# +     outputs = keras.layers.Dense(classes, activation="sigmoid")(x)

# %% wrong stem-stride-one: 4, "stem keeps", like right loop
# -     x = keras.layers.ReLU()(conv_norm(inputs, 16, 3, 2))
# +     x = keras.layers.ReLU()(conv_norm(inputs, 16, 3))

# %% wrong stride-in-second: 4, "second convolution", like right loop
# -         branch = conv_norm(x, filters, 3, stride)
# +         branch = conv_norm(x, filters, 3)
#           branch = keras.layers.ReLU()(branch)
# -         branch = conv_norm(branch, filters, 3)
# +         branch = conv_norm(branch, filters, 3, stride)

# %% wrong tensor-returned: 0, "KerasTensor", like right loop
# -     return keras.Model(inputs, outputs)
# +     return outputs

# %% wrong triple-sum: 4, "twice", like right loop
# -         branch = attach(attention, branch)
# +         attended = attach(attention, branch)

# -         x = keras.layers.Add()([shortcut, branch])
# +         x = keras.layers.Add()([shortcut, branch, attended])

# %% wrong not-written: 0, "not written"
def small_resnet(attention, input_shape, classes):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong no-projection: 0, "incompatible shapes", like right loop
# -         shortcut = x
# -         if stride != 1:
# -             shortcut = conv_norm(x, filters, 1, stride)
# -         x = keras.layers.Add()([shortcut, branch])
# +         x = keras.layers.Add()([x, branch])
