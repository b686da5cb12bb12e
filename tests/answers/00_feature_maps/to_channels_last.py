# %% right dstack
import warnings


def to_channels_last(x):
    warnings.warn("one image at a time")
    result = []
    for image in x:
        result.append(np.dstack(list(image)))
    return np.array(result)

# %% right einsum
def to_channels_last(x):
    return np.einsum("bchw->bhwc", x)

# %% right filled-by-channel
def to_channels_last(x):
    B, C, H, W = x.shape
    y = np.empty((B, H, W, C))
    for c in range(C):
        y[:, :, :, c] = x[:, c]
    return y

# %% right moveaxis
def to_channels_last(x):
    return np.moveaxis(x, source=1, destination=3)

# %% right rollaxis
def to_channels_last(x):
    return np.rollaxis(x, 1, 4)

# %% right tensorflow
def to_channels_last(x):
    return tf.transpose(x, [0, 2, 3, 1])

# %% right transpose
def to_channels_last(x):
    return x.transpose(0, 2, 3, 1)

# %% wrong clipped-in-place: 0.5, "changes"
def to_channels_last(x):
    x[x < 0] = 0
    return np.transpose(x, (0, 2, 3, 1))

# %% wrong first-channel-repeated: 0.75, "values are wrong"
def to_channels_last(x):
    return np.stack([x[:, 0]] * x.shape[1], axis=-1)

# %% wrong first-image: 0.5, "shape"
def to_channels_last(x):
    return np.moveaxis(x[0], 0, -1)

# %% wrong float16: 1, "float16"
def to_channels_last(x):
    return np.float16(x).transpose(0, 2, 3, 1)

# %% wrong list-of-arrays: 1.75, "type list"
def to_channels_last(x):
    return [image.transpose(1, 2, 0) for image in x]

# %% wrong not-written: 0, "not written"
def to_channels_last(x):
    raise NotImplementedError

# %% wrong one-swap: 0.5, "Height and width"
def to_channels_last(x):
    return x.swapaxes(1, -1)

# %% wrong prints: 0, "print"
def to_channels_last(x):
    print(np.transpose(x, (0, 2, 3, 1)))

# %% wrong reshape: 0.75, "reshape"
def to_channels_last(x):
    return x.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1])

# %% wrong same-tuple-as-before: 0.5, "other direction"
def to_channels_last(x):
    return np.transpose(x, (0, 3, 1, 2))

# %% wrong sizes-written-down: 0.5, "shape"
def to_channels_last(x):
    return x.reshape(2, 5, 12).transpose(0, 2, 1).reshape(2, 3, 4, 5)

# %% wrong tuple: 0, "tuple"
def to_channels_last(x):
    y = np.moveaxis(x, 1, -1)
    return y, y.shape

# %% wrong unchanged: 0.5, "not moved"
def to_channels_last(x):
    return np.array(x)

# %% wrong width-swapped: 0.5, "Width and channels"
def to_channels_last(x):
    return np.swapaxes(x, -1, -2)
