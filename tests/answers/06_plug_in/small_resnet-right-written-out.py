# exercise: small_resnet
# kind: right
# score: 7
from keras import layers, ops

def attach(name, x):
    if name == "none":
        return x
    return eca_block(x) if name == "eca" else {"se": se_block, "cbam": cbam_block}[name](x, ratio=4)


def small_resnet(attention, input_shape, classes):
    x0 = keras.Input(shape=input_shape, name="picture")
    x1 = keras.activations.relu(conv_norm(x0, 16, 3, 2))
    f1 = conv_norm(keras.activations.relu(conv_norm(x1, 16, 3)), 16, 3)
    x2 = keras.activations.relu(x1 + attach(attention, f1))
    f2 = conv_norm(keras.activations.relu(conv_norm(x2, 32, 3, 2)), 32, 3)
    x3 = keras.activations.relu(conv_norm(x2, 32, 1, 2) + attach(attention, f2))
    logits = keras.layers.Dense(classes)(keras.ops.mean(x3, axis=(1, 2)))
    return keras.Model(x0, keras.ops.softmax(logits, axis=-1), name="small")
