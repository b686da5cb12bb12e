# exercise: attach
# kind: right
# score: 5
from keras import layers, ops

def channel_gate(vectors, channels):
    first = keras.layers.Conv2D(channels // 4, 1, activation="relu")
    second = keras.layers.Conv2D(channels, 1)
    return keras.ops.sigmoid(sum(second(first(v)) for v in vectors))


def attach(name, x):
    c = x.shape[-1]
    mean = keras.ops.mean(x, axis=(1, 2), keepdims=True)
    if name == "none":
        return keras.layers.Identity()(x)
    if name == "se":
        return x * channel_gate([mean], c)
    if name == "eca":
        t = int((np.log2(c) + 1) / 2)
        z = keras.layers.Reshape((c, 1))(mean)
        z = keras.layers.Conv1D(1, t + 1 - t % 2, padding="same", use_bias=False, activation="sigmoid")(z)
        return x * keras.layers.Reshape((1, 1, c))(z)
    if name == "cbam":
        x = x * channel_gate([mean, keras.ops.max(x, axis=(1, 2), keepdims=True)], c)
        d = keras.ops.stack([keras.ops.mean(x, -1), keras.ops.max(x, -1)], axis=-1)
        return x * keras.layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)
    raise ValueError(name)
