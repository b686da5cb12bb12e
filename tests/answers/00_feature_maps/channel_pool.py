# %% right along-an-axis
import sys


def channel_pool(x):
    print("pooling", x.shape, file=sys.stderr)
    return np.apply_along_axis(lambda v: np.array([v.mean(), v.max()]), -1, x)

# %% right channel-by-channel
def channel_pool(x):
    total = x[..., 0]
    best = x[..., 0]
    for c in range(1, x.shape[-1]):
        total = total + x[..., c]
        best = np.where(x[..., c] > best, x[..., c], best)
    return np.moveaxis(np.array([total / x.shape[-1], best]), 0, -1)

# %% right concatenate-kept-axes
def channel_pool(x):
    parts = [x.mean(axis=3, keepdims=True), x.max(axis=3, keepdims=True)]
    return np.concatenate(parts, axis=3)

# %% right keras-ops
from keras import ops

def channel_pool(x):
    return ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)

# %% right sorted-and-einsum
def channel_pool(x):
    mean = np.einsum("bhwc->bhw", x) / x.shape[-1]
    return np.dstack([mean.ravel(), np.sort(x, axis=-1)[..., -1].ravel()]).reshape(*x.shape[:-1], 2)

# %% right stack
def channel_pool(x):
    mean = np.mean(x, axis=-1)
    largest = np.max(x, axis=-1)
    return np.stack([mean, largest], axis=-1)

# %% right three-loops
def channel_pool(x):
    d = np.empty(x.shape[:3] + (2,))
    for b in range(x.shape[0]):
        for h in range(x.shape[1]):
            for w in range(x.shape[2]):
                numbers = list(x[b, h, w])
                d[b, h, w, 0] = sum(numbers) / len(numbers)
                d[b, h, w, 1] = max(numbers)
    return d

# %% wrong absolutely-largest: 1, "greatest size"
def channel_pool(x):
    place = np.abs(x).argmax(axis=-1)[..., None]
    largest = np.take_along_axis(x, place, axis=-1)[..., 0]
    return np.stack([x.mean(axis=-1), largest], axis=-1)

# %% wrong absolute-max: 1, "absolute"
def channel_pool(x):
    return np.stack([np.mean(x, -1), np.max(np.abs(x), -1)], axis=-1)

# %% wrong argmax: 1, "values are wrong"
def channel_pool(x):
    return np.stack([x.mean(axis=-1), np.argmax(x, axis=-1)], axis=-1)

# %% wrong channels-first-result: 0.5, "shape"
def channel_pool(x):
    return np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=1)

# %% wrong first-image: 0.5, "first image"
def channel_pool(x):
    return np.stack([x[0].mean(axis=-1), x[0].max(axis=-1)], axis=-1)

# %% wrong five-axes: 0.5, "axes of size 1"
def channel_pool(x):
    mean = x.mean(axis=-1, keepdims=True)
    largest = x.max(axis=-1, keepdims=True)
    return np.stack([mean, largest], axis=-1)

# %% wrong squeezed: 0.5, "squeezed away", like wrong five-axes
# -     return np.stack([mean, largest], axis=-1)
# +     return np.squeeze(np.stack([mean, largest], axis=-1))

# %% wrong float16: 1, "float16"
def channel_pool(x):
    d = np.empty(x.shape[:3] + (2,), dtype=np.float16)
    d[..., 0] = x.mean(-1)
    d[..., 1] = x.max(-1)
    return d

# %% wrong joined-along-width: 0.5, "along the width"
def channel_pool(x):
    return np.concatenate([x.mean(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong list-of-two: 0.25, "type list"
def channel_pool(x):
    return [x.mean(axis=-1), x.max(axis=-1)]

# %% wrong max-first: 1, "order"
def channel_pool(x):
    return np.stack([x.max(axis=-1), x.mean(axis=-1)], axis=-1)

# %% wrong max-starts-at-zero: 1.5, "below zero"
def channel_pool(x):
    best = np.zeros(x.shape[:3])
    for c in range(x.shape[3]):
        best = np.maximum(best, x[..., c])
    return np.stack([x.mean(axis=3), best], axis=3)

# %% wrong max-twice: 1, "Both maps are the max"
def channel_pool(x):
    m = x.max(axis=-1)
    return np.stack([m, m], axis=-1)

# %% wrong mean-alone: 0.5, "shape"
def channel_pool(x):
    return x.mean(axis=-1, keepdims=True)

# %% wrong mean-twice: 1, "Both maps are the mean"
def channel_pool(x):
    mean = x.mean(axis=-1)
    largest = x.mean(axis=-1)
    return np.stack([mean, largest], axis=-1)

# %% wrong min: 1, "min"
def channel_pool(x):
    return np.stack([x.mean(-1), x.min(-1)], -1)

# %% wrong not-written: 0, "not written"
def channel_pool(x):
    raise NotImplementedError

# %% wrong over-positions: 0.5, "shape"
def channel_pool(x):
    return np.stack([x.mean(axis=(1, 2)), x.max(axis=(1, 2))], axis=-1)

# %% wrong relu-first: 1, "ReLU"
def channel_pool(x):
    x = np.maximum(x, 0)
    return np.stack([x.mean(-1), x.max(-1)], -1)

# %% wrong reshaped: 1, "cuts the numbers anew"
def channel_pool(x):
    return np.stack([np.mean(x, axis=-1), np.max(x, axis=-1)]).reshape(*x.shape[:3], 2)

# %% wrong reshaped-side-by-side: 1, "cuts the numbers anew"
def channel_pool(x):
    return np.concatenate([x.mean(-1), x.max(-1)], axis=-1).reshape(*x.shape[:3], 2)

# %% wrong sorts-in-place: 2.75, "changes"
def channel_pool(x):
    mean = x.mean(axis=-1)
    x.sort(axis=-1)
    return np.stack([mean, x[..., -1]], axis=-1)

# %% wrong stack-without-list: 0, "raised TypeError"
def channel_pool(x):
    return np.stack(x.mean(axis=-1), x.max(axis=-1))

# %% wrong stacked-first: 0.5, "axis goes last"
def channel_pool(x):
    return np.stack([np.mean(x, axis=-1), np.max(x, axis=-1)])

# %% wrong sum: 1, "sum"
def channel_pool(x):
    return np.stack([x.sum(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong three-channels: 1.5, "values are wrong"
def channel_pool(x):
    red, green, blue = x[..., 0], x[..., 1], x[..., 2]
    mean = (red + green + blue) / 3
    largest = np.maximum(np.maximum(red, green), blue)
    return np.stack([mean, largest], axis=-1)

# %% wrong tuple: 0, "tuple"
def channel_pool(x):
    return x.mean(axis=-1), x.max(axis=-1)
