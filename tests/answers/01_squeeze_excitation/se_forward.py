# %% right channels-first
def se_forward(x, w1, b1, w2, b2):
    x = np.moveaxis(x, -1, 1)
    z = x.mean((2, 3))
    s = 0.5 * (1 + np.tanh((np.clip(z @ w1 + b1, 0, np.inf) @ w2 + b2) / 2))
    return np.moveaxis(x * s[..., None, None], 1, -1)

# %% right image-by-image
def se_forward(x, w1, b1, w2, b2):
    out = []
    for image in x:
        z = image.reshape(-1, image.shape[-1]).mean(axis=0)
        h = w1.T @ z + b1
        h[h < 0] = 0
        out.append(image * (1 / (1 + np.exp(-(w2.T @ h + b2)))))
    return np.stack(out)

# %% right inline
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    hidden = np.maximum(z @ w1 + b1, 0)
    gate = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
    return x * gate[:, None, None, :]

# %% right kept-axes
def se_forward(x, w1, b1, w2, b2):
    # with the axes kept, nothing has to be inserted later
    z = x.mean(axis=(1, 2), keepdims=True)
    hidden = (abs(z @ w1 + b1) + z @ w1 + b1) / 2
    return x / (1 + np.exp(-hidden @ w2 - b2))

# %% right keras-layers
from keras import layers

def se_forward(x, w1, b1, w2, b2):
    z = layers.GlobalAveragePooling2D()(x)
    first = layers.Dense(w1.shape[1], activation="relu")
    second = layers.Dense(w2.shape[1], activation="sigmoid")
    s = second(first(z))
    first.set_weights([w1, b1])
    second.set_weights([w2, b2])
    s = second(first(z))
    return layers.Multiply()([x, s]).numpy()

# %% right loops
def se_forward(x, w1, b1, w2, b2):
    B, H, W, C = x.shape
    out = np.zeros(x.shape)
    for b in range(B):
        z = [x[b, :, :, c].sum() / (H * W) for c in range(C)]
        h = [max(0, b1[m] + sum(z[c] * w1[c, m] for c in range(C))) for m in range(len(b1))]
        for c in range(C):
            logit = b2[c] + sum(h[m] * w2[m, c] for m in range(len(h)))
            out[b, :, :, c] = x[b, :, :, c] / (1 + np.exp(-logit))
    return out

# %% right own-helpers
def pool(x):
    return np.einsum("bhwc->bc", x) / (x.shape[1] * x.shape[2])


def layer(values, weights, bias, function):
    return function(values @ weights + bias)


def se_forward(x, w1, b1, w2, b2):
    gate = layer(pool(x), w1, b1, lambda t: np.maximum(t, 0))
    gate = layer(gate, w2, b2, lambda t: 1 / (1 + np.exp(-t)))
    return np.einsum("bhwc,bc->bhwc", x, gate)

# %% right prints-and-warns
import sys
import warnings


def se_forward(x, w1, b1, w2, b2):
    z = np.mean(x, axis=(1, 2))
    print("squeezed:", z)
    h = np.maximum(0, np.matmul(z, w1) + b1)
    warnings.warn("is the bias needed?")
    s = np.power(1 + np.exp(-(np.matmul(h, w2) + b2)), -1)
    sys.stderr.write("gates: " + repr(s) + "\n")
    s = np.reshape(s, (x.shape[0], 1, 1, x.shape[3]))
    return np.multiply(x, s)

# %% wrong bare-product: 0.75, "bare x"
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s

# %% wrong first-gate: 1.75, "first image", like wrong bare-product
# -     return x * s
# +     return x * s[0]

# %% wrong gate-turned-round: 1, "turned round", like wrong bare-product
# -     return x * s
# +     return x * (1 - s)[:, None, None, :]

# %% wrong gate-added: 1, "gate is added", like wrong bare-product
# -     return x * s
# +     return x + s[:, None, None, :]

# %% wrong in-place: 3.75, "changes", like wrong bare-product
# -     return x * s
# +     for b in range(len(x)):
# +         x[b] *= s[b]
# +     return x

# %% wrong input-added: 1, "residual", like wrong bare-product
# -     return x * s
# +     return x * s[:, None, None, :] + x

# %% wrong list: 3.75, "type list", like wrong bare-product
# -     return x * s
# +     return [image * gate for image, gate in zip(x, s)]

# %% wrong leaky-relu: 1.75, "plain ReLU", like wrong bare-product
# -     s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
# -     return x * s
# +     hidden = z @ w1 + b1
# +     hidden = np.where(hidden > 0, hidden, 0.1 * hidden)
# +     s = 1 / (1 + np.exp(-(hidden @ w2 + b2)))
# +     return x * s[:, None, None, :]

# %% wrong map-and-gate: 0, "tuple", like wrong bare-product
# -     return x * s
# +     return x * s[:, None, None, :], s

# %% wrong no-return: 0, "return", like wrong bare-product
# -     return x * s
# +     y = x * s[:, None, None, :]

# %% wrong relu-after-block: 1, "after the block", like wrong bare-product
# -     return x * s
# +     return np.maximum(x * s[:, None, None, :], 0)

# %% wrong scaled-squeeze: 0.5, "shape", like wrong bare-product
# -     return x * s
# +     return z * s

# %% wrong shared-gate: 1.75, "share one gate", like wrong bare-product
# -     z = x.mean(axis=(1, 2))
# +     z = x.mean(axis=(0, 1, 2), keepdims=True)

# %% wrong sizes-written-down: 0.75, "raised ValueError", like wrong bare-product
# -     return x * s
# +     return x * s.reshape(1, 1, 1, 3)

# %% wrong helper-is-missing: 0, "raised NameError"
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2))
    s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
    return x * s[:, None, None, :]

# %% wrong no-biases: 1, "Both biases", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2)))

# %% wrong no-first-bias: 1, "bias b1", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = 1 / (1 + np.exp(-(np.maximum(z @ w1, 0) @ w2 + b2)))

# %% wrong no-relu: 1.75, "no ReLU", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = 1 / (1 + np.exp(-((z @ w1 + b1) @ w2 + b2)))

# %% wrong no-sigmoid: 1, "sigmoid is missing", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = np.maximum(z @ w1 + b1, 0) @ w2 + b2

# %% wrong parentheses-missing: 1, "Parentheses are missing", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = 1 / 1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2))

# %% wrong relu-before-first-layer: 1, "before the first layer", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = 1 / (1 + np.exp(-((np.maximum(z, 0) @ w1 + b1) @ w2 + b2)))

# %% wrong relu-twice: 1, "below one half", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     h = np.maximum(z @ w1 + b1, 0)
# +     h = np.maximum(h @ w2 + b2, 0)
# +     s = 1 / (1 + np.exp(-h))

# %% wrong softmax: 1, "softmax", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = np.exp(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = s / s.sum(axis=1, keepdims=True)

# %% wrong softmax-over-images: 1, "over the images", like wrong helper-is-missing
# -     s = sigmoid(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = np.exp(np.maximum(z @ w1 + b1, 0) @ w2 + b2)
# +     s = s / s.sum(axis=0)

# %% wrong max-squeeze: 1, "takes the max"
def se_forward(x, w1, b1, w2, b2):
    z = x.max(axis=(1, 2))
    s = 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
    return x * s[:, None, None, :]

# %% wrong own-weights: 0.75, "values are wrong", like wrong max-squeeze
# -     z = x.max(axis=(1, 2))
# +     # a bias of its own, new at every call
# +     b2 = np.random.normal(size=b2.shape)
# +     z = x.mean(axis=(1, 2))

# %% wrong relu-before-block: 1, "before the block", like wrong max-squeeze
# -     z = x.max(axis=(1, 2))
# +     x = np.maximum(x, 0)
# +     z = x.mean(axis=(1, 2))

# %% wrong relu-before-squeeze: 1, "before the squeeze", like wrong max-squeeze
# -     z = x.max(axis=(1, 2))
# +     z = np.maximum(x, 0).mean(axis=(1, 2))

# %% wrong squeeze-over-channels: 0, "raised ValueError", like wrong max-squeeze
# -     z = x.max(axis=(1, 2))
# +     z = x.mean(axis=-1)

# %% wrong sum-squeeze: 1, "adds up", like wrong max-squeeze
# -     z = x.max(axis=(1, 2))
# +     z = x.sum(axis=(1, 2))

# %% wrong gate-with-axes: 0.5, "gate itself"
def se_forward(x, w1, b1, w2, b2):
    z = x.mean(axis=(1, 2), keepdims=True)
    return 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))

# %% wrong gate-alone: 0.5, "gate itself", like wrong gate-with-axes
# -     z = x.mean(axis=(1, 2), keepdims=True)
# +     z = x.mean(axis=(1, 2))

# %% wrong gate-stretched: 1, "gate itself", like wrong gate-with-axes
# -     return 1 / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))
# +     return np.ones_like(x) / (1 + np.exp(-(np.maximum(z @ w1 + b1, 0) @ w2 + b2)))

# %% wrong no-squeeze: 1, "no squeeze"
def se_forward(x, w1, b1, w2, b2):
    hidden = np.maximum(x @ w1 + b1, 0)
    return x / (1 + np.exp(-(hidden @ w2 + b2)))

# %% wrong not-written: 0, "not written"
def se_forward(x, w1, b1, w2, b2):
    raise NotImplementedError
