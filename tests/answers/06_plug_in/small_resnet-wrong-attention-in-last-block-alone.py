# exercise: small_resnet
# kind: wrong
# score: 4
# says: only the last block
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
        if filters == 32:
            branch = attach(attention, branch)
        shortcut = x
        if stride != 1:
            shortcut = conv_norm(x, filters, 1, stride)
        x = keras.layers.Add()([shortcut, branch])
        x = keras.layers.ReLU()(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax")(x)
    return keras.Model(inputs, outputs)
