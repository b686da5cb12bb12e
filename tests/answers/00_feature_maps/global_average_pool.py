# %% right channels-moved-first
def global_average_pool(x):
    images = np.moveaxis(x, -1, 1)
    return np.array([[np.average(sheet) for sheet in image] for image in images])

# %% right einsum
def global_average_pool(x):
    B, H, W, C = x.shape
    return np.einsum("bhwc->bc", x) / (H * W)

# %% right four-loops
def global_average_pool(x):
    batch, height, width, channels = x.shape
    result = np.zeros((batch, channels))
    for b in range(batch):
        for c in range(channels):
            total = 0.0
            for h in range(height):
                for w in range(width):
                    total += x[b, h, w, c]
            result[b, c] = total / (height * width)
    return result

# %% right keras-layer
def global_average_pool(x):
    # a tensor comes out of a Keras layer
    return keras.layers.GlobalAveragePooling2D()(x)

# %% right mean
def global_average_pool(x):
    """Average each channel of x (B, H, W, C) over its positions. Returns (B, C)."""
    return np.mean(x, axis=(1, 2))

# %% right one-axis-after-the-other
def global_average_pool(x):
    over_rows = x.mean(axis=1)
    return over_rows.mean(axis=1)

# %% right prints-and-warns
import sys
import warnings


def global_average_pool(x):
    print("x has the shape", x.shape)
    warnings.warn("I am not sure about axis 0")
    sys.stderr.write("debug: " + str(x.mean()) + "\n")
    answer = np.mean(x, axis=(1, 2))
    print(answer)
    return answer

# %% right reshape
def global_average_pool(x):
    flat = x.reshape(len(x), -1, x.shape[-1])
    return flat.sum(axis=1) / flat.shape[1]

# %% wrong absolute-values: 1, "absolute"
def global_average_pool(x):
    return np.abs(x).mean(axis=(1, 2))

# %% wrong another-name: 0, "no function named"
def global_avg_pool(x):
    return np.mean(x, axis=(1, 2))

# %% wrong axes-0-and-1: 0.5, "shape"
def global_average_pool(x):
    return x.mean(axis=(0, 1))

# %% wrong batch-of-one: 0.5, "raised ValueError"
def global_average_pool(x):
    _, height, width, channels = x.shape
    return x.reshape(1, height * width, channels).mean(axis=1)

# %% wrong divides-by-height: 1, "H * W"
def global_average_pool(x):
    B, H, W, C = x.shape
    total = x.sum(axis=1).sum(axis=1)
    return total / H

# %% wrong divides-by-width: 1, "H * W"
def global_average_pool(x):
    return x.sum(axis=1).mean(axis=1)

# %% wrong fills-first-image: 1.5, "first image"
def global_average_pool(x):
    result = np.zeros((x.shape[0], x.shape[3]))
    for b in range(x.shape[0]):
        result[b] = x[b].mean(axis=(0, 1))
        return result

# %% wrong first-image-alone: 1, "first image"
def global_average_pool(x):
    return x[0].mean(axis=(0, 1))[None]

# %% wrong first-image-without-its-axis: 0.5, "first image", like wrong first-image-alone
# -     return x[0].mean(axis=(0, 1))[None]
# +     return x[0].mean(axis=(0, 1))

# %% wrong float16: 1.5, "float16"
def global_average_pool(x):
    return x.astype("float16").mean(axis=(1, 2))

# %% wrong hand-case-written-down: 0.5, "shape"
def global_average_pool(x):
    return np.array([[3.0, -1.0, 4.0]])

# %% wrong in-place: 2.75, "changes"
def global_average_pool(x):
    x /= x.shape[1] * x.shape[2]
    return x.sum(axis=(1, 2))

# %% wrong integer-array: 1.5, "whole numbers"
def global_average_pool(x):
    result = np.zeros((x.shape[0], x.shape[3]), dtype=int)
    for b, image in enumerate(x):
        result[b] = image.mean(axis=(0, 1))
    return result

# %% wrong keepdims: 0.5, "axes of size 1"
def global_average_pool(x):
    return np.mean(x, axis=(1, 2), keepdims=True)

# %% wrong list: 2.75, "type list"
def global_average_pool(x):
    return np.mean(x, axis=(1, 2)).tolist()

# %% wrong max: 1, "max"
def global_average_pool(x):
    return x.max(axis=(1, 2))

# %% wrong mean-with-two-numbers: 0, "raised TypeError"
def global_average_pool(x):
    return x.mean(1, 2)

# %% wrong median: 1, "median"
def global_average_pool(x):
    return np.median(x, axis=(1, 2))

# %% wrong not-written: 0, "not written"
def global_average_pool(x):
    """Average each channel of x (B, H, W, C) over its positions. Returns (B, C)."""
    # Average over the rows and the columns; keep images apart and channels apart.
    raise NotImplementedError("Your turn")

# %% wrong over-channels: 0.5, "channels"
def global_average_pool(x):
    return x.mean(axis=-1)

# %% wrong over-images: 0.5, "each image"
def global_average_pool(x):
    return x.mean(axis=(0, 1, 2))

# %% wrong prints: 0, "print"
def global_average_pool(x):
    print(np.mean(x, axis=(1, 2)))

# %% wrong relu-first: 1, "ReLU"
def global_average_pool(x):
    x = np.where(x > 0, x, 0)
    return x.mean(axis=(1, 2))

# %% wrong reshaped: 1, "cuts the numbers anew"
def global_average_pool(x):
    B, H, W, C = x.shape
    return x.reshape(B, C, H * W).mean(axis=-1)

# %% wrong same-means-for-every-image: 1.5, "each image"
def global_average_pool(x):
    means = x.mean(axis=(0, 1, 2))
    return np.tile(means, (x.shape[0], 1))

# %% wrong size-written-down: 1, "values are wrong"
def global_average_pool(x):
    # 3 rows and 4 columns
    return x.sum(axis=(1, 2)) / 12

# %% wrong squeezed: 0.5, "squeezed away"
def global_average_pool(x):
    return np.squeeze(x.mean(axis=(1, 2), keepdims=True))

# %% wrong sum: 1, "divide"
def global_average_pool(x):
    return np.sum(x, axis=(1, 2))
