# %% right band
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = np.mean(x, axis=(1, 2))
    logits = z @ band(kernel, z.shape[1]).T
    return x * (1 / (1 + np.exp(-logits)))[:, None, None, :]

# %% right convolve-with-turned-kernel
def eca_forward(x, kernel):
    z = x.reshape(x.shape[0], -1, x.shape[3]).mean(axis=1)
    a = np.stack([np.convolve(row, kernel[::-1], "same") for row in z])
    gate = 1 / (1 + np.exp(-a))
    return x * gate.reshape(len(x), 1, 1, -1)

# %% right correlate
def eca_forward(x, kernel):
    out = np.empty(x.shape)
    for b, image in enumerate(x):
        logits = np.correlate(image.mean(axis=(0, 1)), kernel, mode="same")
        out[b] = image / (1 + np.exp(-logits))
    return out

# %% right keras-ops
from keras import ops

def eca_forward(x, kernel):
    x = ops.cast(x, "float32")
    z = ops.mean(x, axis=(1, 2))[:, :, None]
    a = ops.conv(z, ops.cast(kernel, "float32")[:, None, None], padding="same")
    return x * ops.sigmoid(a[:, None, None, :, 0])

# %% right loops-and-prints
import math


def eca_forward(x, kernel):
    B, H, W, C = x.shape
    p = len(kernel) // 2
    y = np.zeros_like(x)
    for b in range(B):
        z = [x[b, :, :, c].sum() / (H * W) for c in range(C)]
        print(z)
        for c in range(C):
            a = sum(kernel[t] * z[c + t - p] for t in range(len(kernel)) if 0 <= c + t - p < C)
            y[b, :, :, c] = x[b, :, :, c] / (1 + math.exp(-a))
    return y

# %% right padded-windows
def eca_forward(x, kernel):
    p = kernel.size // 2
    z = np.pad(x.mean((1, 2)), ((0, 0), (p, p)))
    windows = np.lib.stride_tricks.sliding_window_view(z, kernel.size, axis=1)
    gate = 0.5 * (1 + np.tanh(windows @ kernel / 2))
    return np.einsum("bhwc,bc->bhwc", x, gate)

# %% wrong bare-product: 0.75, "two more axes"
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    M = band(kernel, x.shape[-1])
    a = z @ M.T
    g = 1 / (1 + np.exp(-a))
    return x * g

# %% wrong first-gate: 1.75, "first image", like wrong bare-product
# -     return x * g
# +     return x * g[0]

# %% wrong gate-added: 1, "gate is added", like wrong bare-product
# -     return x * g
# +     return x + g[:, None, None, :]

# %% wrong gate-alone: 0.5, "gate itself", like wrong bare-product
# -     return x * g
# +     return g

# %% wrong gate-stretched: 1, "gate itself", like wrong bare-product
# -     return x * g
# +     return np.zeros(x.shape) + g[:, None, None, :]

# %% wrong gate-with-axes: 0.5, "gate itself", like wrong bare-product
# -     return x * g
# +     return g[:, None, None, :]

# %% wrong hard-sigmoid: 1, "hard sigmoid", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = np.clip(a / 6 + 0.5, 0, 1)
# +     return x * g[:, None, None, :]

# %% wrong in-place: 3.75, "changes what it was given", like wrong bare-product
# -     return x * g
# +     x *= g[:, None, None, :]
# +     return x

# %% wrong input-added: 1, "residual", like wrong bare-product
# -     return x * g
# +     return x + x * g[:, None, None, :]

# %% wrong list: 3.75, "type list", like wrong bare-product
# -     return x * g
# +     return list(x * g[:, None, None, :])

# %% wrong matrix-on-the-left: 0, "raised ValueError", like wrong bare-product
# -     a = z @ M.T
# +     a = M @ z
#       g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong max-squeeze: 1, "takes the max", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = x.max(axis=(1, 2))

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong minus-lost: 1, "wrong", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = 1 / (1 + np.exp(a))
# +     return x * g[:, None, None, :]

# %% wrong no-return: 0, "return", like wrong bare-product
# -     return x * g
# +     y = x * g[:, None, None, :]

# %% wrong no-sigmoid: 1, "sigmoid is missing", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = a
# +     return x * g[:, None, None, :]

# %% wrong relu-after-block: 1, "after the block", like wrong bare-product
# -     return x * g
# +     return np.maximum(x * g[:, None, None, :], 0)

# %% wrong relu-after-squeeze: 1, "after the squeeze", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = np.maximum(x.mean(axis=(1, 2)), 0)

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong relu-before-block: 1, "before the block", like wrong bare-product
#   def eca_forward(x, kernel):
# +     x = np.maximum(x, 0)

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong relu-before-sigmoid: 1, "below one half", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = 1 / (1 + np.exp(-np.maximum(a, 0)))
# +     return x * g[:, None, None, :]

# %% wrong relu-before-squeeze: 1, "before the squeeze", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = np.maximum(x, 0).mean(axis=(1, 2))

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong relu-for-sigmoid: 1, "bounded", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = np.maximum(a, 0)
# +     return x * g[:, None, None, :]

# %% wrong shared-gate: 1.75, "share one gate", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = np.tile(x.mean(axis=(0, 1, 2)), (len(x), 1))

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong softmax: 1, "softmax", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = np.exp(a) / np.exp(a).sum(axis=1, keepdims=True)
# +     return x * g[:, None, None, :]

# %% wrong sum-squeeze: 1, "adds up", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = x.sum(axis=(1, 2))

# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong tanh: 1, "tanh", like wrong bare-product
# -     g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     g = np.tanh(a)
# +     return x * g[:, None, None, :]

# %% wrong transpose-lost: 1, "flipped", like wrong bare-product
# -     a = z @ M.T
# +     a = z @ M
#       g = 1 / (1 + np.exp(-a))
# -     return x * g
# +     return x * g[:, None, None, :]

# %% wrong padded-behind: 1, "middle of the kernel"
def eca_forward(x, kernel):
    z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (0, len(kernel) - 1)))
    a = np.stack([np.correlate(row, kernel, "valid") for row in z])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]

# %% wrong padded-in-front: 1, "middle of the kernel", like wrong padded-behind
# -     z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (0, len(kernel) - 1)))
# +     z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (len(kernel) - 1, 0)))

# %% wrong repeated-ends: 1, "repeated", like wrong padded-behind
# -     z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (0, len(kernel) - 1)))
# +     p = len(kernel) // 2
# +     z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (p, p)), mode="edge")

# %% wrong convolve: 1, "flipped"
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    a = np.stack([np.convolve(row, kernel, "same") for row in z])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]

# %% wrong helper-is-missing: 0, "is not defined"
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2))
    gate = sigmoid(z @ band_matrix(kernel, z.shape[1]).T)
    return x * gate[:, None, None, :]

# %% wrong kernel-unused: 1, "kernel is not used"
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2), keepdims=True)
    return x / (1 + np.exp(-z))

# %% wrong middle-only: 1, "Only the middle"
def eca_forward(x, kernel):
    z = x.mean(axis=(1, 2), keepdims=True)
    return x / (1 + np.exp(-kernel[len(kernel) // 2] * z))

# %% wrong not-written: 0, "not written"
def eca_forward(x, kernel):
    raise NotImplementedError

# %% wrong over-the-batch: 1, "over the images"
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = np.pad(x.mean(axis=(1, 2)), ((p, p), (0, 0)))
    a = sum(w * z[t:t + len(x)] for t, w in enumerate(kernel))
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]

# %% wrong ring: 1, "ring"
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = x.mean(axis=(1, 2))
    a = sum(w * np.roll(z, p - t, axis=1) for t, w in enumerate(kernel))
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]

# %% wrong three-taps-only: 2.5, "wrong"
def eca_forward(x, kernel):
    p = len(kernel) // 2
    z = np.pad(x.mean(axis=(1, 2)), ((0, 0), (1, 1)))
    a = kernel[p - 1] * z[:, :-2] + kernel[p] * z[:, 1:-1] + kernel[p + 1] * z[:, 2:]
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]

# %% wrong valid-padding: 0, "raised"
def eca_forward(x, kernel):
    a = np.stack([np.correlate(row, kernel, "valid") for row in x.mean(axis=(1, 2))])
    return x * (1 / (1 + np.exp(-a)))[:, None, None, :]
