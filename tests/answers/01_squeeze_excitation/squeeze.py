# %% right float32
def squeeze(x):
    return np.asarray(x, dtype=np.float32).mean(axis=2).mean(axis=1)

# %% right matrix-product
def squeeze(x):
    B, H, W, C = x.shape
    ones = np.ones((1, H * W))
    z = ones @ x.reshape(B, H * W, C)
    return z[:, 0, :] / (H * W)

# %% right mean
def squeeze(x):
    return x.mean(axis=(1, 2))

# %% right own-helper-and-prints
def my_mean(values):
    print("mean of", len(values), "values")
    return sum(values) / len(values)


def squeeze(x):
    return np.stack([[my_mean(image[..., c].ravel().tolist()) for c in range(image.shape[-1])] for image in x])

# %% right running-mean
def squeeze(x):
    z = np.zeros_like(x[:, 0, 0, :])
    seen = 0
    for row in range(x.shape[1]):
        for column in range(x.shape[2]):
            seen += 1
            z += (x[:, row, column] - z) / seen
    return z

# %% right tensordot
def squeeze(x):
    h, w = x.shape[1:3]
    weights = np.full((h, w), 1 / (h * w))
    return np.tensordot(x, weights, axes=[(1, 2), (0, 1)])

# %% right tensorflow
def squeeze(x):
    return tf.reduce_mean(x, axis=[1, 2])

# %% wrong absolute-values: 0.75, "absolute"
def squeeze(x):
    return np.mean(np.abs(x), axis=(1, 2))

# %% wrong axes-as-arguments: 0, "raised TypeError"
def squeeze(x):
    return x.mean(1, 2)

# %% wrong centred-in-place: 1.75, "changes"
def squeeze(x):
    z = x.mean(axis=(1, 2))
    x -= z[:, None, None, :]
    return z

# %% wrong channels-first-layer: 0.5, "shape"
def squeeze(x):
    return keras.layers.GlobalAveragePooling2D(data_format="channels_first")(x)

# %% wrong divides-by-channels: 0.75, "values are wrong"
def squeeze(x):
    return x.sum(axis=(1, 2)) / x.shape[3]

# %% wrong divides-by-height: 0.75, "H * W"
def squeeze(x):
    z = x.sum(axis=(1, 2))
    return z / x.shape[1]

# %% wrong first-image: 0.5, "first image"
def squeeze(x):
    return x[0].mean(axis=(0, 1))

# %% wrong images-mixed: 1.25, "each image"
def squeeze(x):
    mean = x.mean(axis=(0, 1, 2), keepdims=True)
    return np.repeat(mean[:, 0, 0], len(x), axis=0)

# %% wrong keepdims: 0.5, "axes of size 1"
def squeeze(x):
    return keras.layers.GlobalAveragePooling2D(keepdims=True)(x)

# %% wrong max: 0.75, "max"
def squeeze(x):
    return np.max(x, axis=(1, 2))

# %% wrong mean-and-max: 0, "tuple"
def squeeze(x):
    return x.mean(axis=(1, 2)), x.max(axis=(1, 2))

# %% wrong median: 0.75, "median"
def squeeze(x):
    return np.median(x, axis=(1, 2))

# %% wrong middle-position: 0.75, "values are wrong"
def squeeze(x):
    return x[:, x.shape[1] // 2, x.shape[2] // 2]

# %% wrong no-return: 0, "return"
def squeeze(x):
    z = x.mean(axis=(1, 2))

# %% wrong not-written: 0, "not written"
def squeeze(x):
    raise NotImplementedError

# %% wrong one-number: 0.25, "float64"
def squeeze(x):
    return np.mean(x)

# %% wrong one-too-few: 0.75, "values are wrong"
def squeeze(x):
    n = x.shape[1] * x.shape[2]
    return x.sum(axis=(1, 2)) / (n - 1)

# %% wrong over-channels: 0.5, "over the channels"
def squeeze(x):
    return np.mean(x, axis=3)

# %% wrong relu-first: 0.75, "ReLU"
def squeeze(x):
    return np.maximum(0, x).mean(axis=(1, 2))

# %% wrong reshaped: 0.75, "cuts the numbers anew"
def squeeze(x):
    return x.reshape(len(x), x.shape[-1], -1).mean(axis=2)

# %% wrong rounded: 1.25, "three digits"
def squeeze(x):
    return x.mean(axis=(1, 2)).round(3)

# %% wrong rows-alone: 0.5, "shape"
def squeeze(x):
    return x.mean(axis=1)

# %% wrong sampled-positions: 0.5, "second call"
def squeeze(x):
    # a mean over half of the positions is enough
    flat = x.reshape(len(x), -1, x.shape[-1])
    chosen = np.random.rand(flat.shape[1]) + 0.5
    return (flat * chosen[:, None]).sum(axis=1) / chosen.sum()

# %% wrong squeezed: 0.5, "squeezed away"
def squeeze(x):
    return np.squeeze(keras.layers.GlobalAveragePooling2D(keepdims=True)(x))

# %% wrong sum: 0.75, "divide"
def squeeze(x):
    return np.einsum("bhwc->bc", x)
