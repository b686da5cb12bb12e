# exercise: small_resnet
# kind: right
# score: 7
from keras import layers, ops

def attach(name, x):
    if name == "none":
        return x
    return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)


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
