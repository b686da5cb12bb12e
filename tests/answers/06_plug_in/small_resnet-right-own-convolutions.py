# exercise: small_resnet
# kind: right
# score: 7
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
