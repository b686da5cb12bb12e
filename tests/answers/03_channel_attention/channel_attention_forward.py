# %% right straight
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
    return x * sigmoid(logits)[:, None, None, :]

# %% right channels-first, like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     first = np.moveaxis(x, -1, 1)
# +     flat = first.reshape(first.shape[0], first.shape[1], -1)
# +     stack = np.stack([flat.mean(-1), flat.max(-1)], axis=1)
# +     gate = sigmoid(mlp(stack, w1, b1, w2, b2).sum(axis=1))
# +     return np.moveaxis(first * gate[:, :, None, None], 1, -1)

# %% right kept-axes, like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     pools = [x.mean(axis=(1, 2), keepdims=True), x.max(axis=(1, 2), keepdims=True)]
# +     return x * sigmoid(sum(mlp(pool, w1, b1, w2, b2) for pool in pools))

# %% right loops, like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     out = np.zeros_like(x)
# +     for i in range(x.shape[0]):
# +         flat = x[i].reshape(-1, x.shape[-1])
# +         mean, largest = flat[0].copy(), flat[0].copy()
# +         for row in flat[1:]:
# +             mean += row
# +             largest = np.where(row > largest, row, largest)
# +         logits = mlp(mean / len(flat), w1, b1, w2, b2) + mlp(largest, w1, b1, w2, b2)
# +         out[i] = x[i] * sigmoid(logits)
# +     return out

# %% right sorted-and-tensordot, like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     b, h, w_, c = x.shape
# +     ordered = np.sort(x.reshape(b, h * w_, c), axis=1)
# +     a, m = np.tensordot(ordered, np.ones(h * w_) / (h * w_), axes=([1], [0])), ordered[:, -1]
# +     print("maxima", m)
# +     z = mlp(a, w1, b1, w2, b2)
# +     z += mlp(m, w1, b1, w2, b2)
# +     return x / (1 + np.exp(-z))[:, np.newaxis, np.newaxis]

# %% right stacked, like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     both = np.concatenate([np.mean(x, (1, 2)), np.max(x, (1, 2))], axis=0)
# +     first, second = np.split(mlp(both, w1, b1, w2, b2), 2)
# +     return x * sigmoid(first + second).reshape(len(x), 1, 1, -1)

# %% right keras-layers
from keras import layers, ops

def channel_attention_forward(x, w1, b1, w2, b2):
    x32 = x.astype("float32")
    a = layers.GlobalAveragePooling2D()(x32)
    m = layers.GlobalMaxPooling2D()(x32)
    logits = sum(ops.relu(v @ w1.astype("float32") + b1) @ w2.astype("float32") + b2 for v in (a, m))
    return ops.convert_to_numpy(layers.Multiply()([x32, ops.sigmoid(logits)]))

# %% right two-b2
def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    hidden = np.maximum(a @ w1 + b1, 0) + np.maximum(m @ w1 + b1, 0)
    gate = 0.5 * (1 + np.tanh((hidden @ w2 + 2 * b2) / 2))
    return np.einsum("bhwc,bc->bhwc", x, gate)

# %% wrong absolute-max: 1, "absolute values", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     a, m = x.mean(axis=(1, 2)), np.abs(x).max(axis=(1, 2))
#       logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong average-of-pools: 1, "averaged before", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     v = (a + m) / 2
# +     gate = sigmoid(mlp(v, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong bare-product: 1, "bare x", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return x * sigmoid(logits)

# %% wrong difference-of-logits: 1, "subtracted", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) - mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong first-gate: 2, "first image", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return x * sigmoid(logits[0])

# %% wrong gate-added: 1, "gate is added", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return x + sigmoid(logits)[:, None, None, :]

# %% wrong gate-after-gate: 1, "both look at x", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     x = x * sigmoid(mlp(x.mean(axis=(1, 2)), w1, b1, w2, b2))[:, None, None, :]
# +     return x * sigmoid(mlp(x.max(axis=(1, 2)), w1, b1, w2, b2))[:, None, None, :]

# %% wrong gate-alone: 0.5, "gate itself", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return sigmoid(logits)

# %% wrong gate-stretched: 1, "gate itself", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return np.zeros_like(x) + sigmoid(logits)[:, None, None, :]

# %% wrong gate-with-axes: 0.5, "gate itself", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return sigmoid(logits)[:, None, None, :]

# %% wrong greater-gate: 1, "greater of the two", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = np.maximum(sigmoid(mlp(a, w1, b1, w2, b2)), sigmoid(mlp(m, w1, b1, w2, b2)))
# +     return x * gate[:, None, None, :]

# %% wrong hard-sigmoid: 1, "hard sigmoid", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = np.clip(logits / 6 + 0.5, 0, 1)
# +     return x * gate[:, None, None, :]

# %% wrong images-share: 2, "share one gate", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     a, m = x.mean(axis=(0, 1, 2), keepdims=True), x.max(axis=(0, 1, 2), keepdims=True)
# +     a, m = a[:, 0, 0], m[:, 0, 0]
#       logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong in-place: 5.75, "changes what it was given", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     x *= sigmoid(logits)[:, None, None, :]
# +     return x

# %% wrong input-added: 1, "residual", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return x + x * sigmoid(logits)[:, None, None, :]

# %% wrong joined-descriptor: 0, "inner sizes", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     v = np.concatenate([a, m], axis=1)
# +     gate = sigmoid(mlp(v, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong list: 5.75, "type list", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return [image * gate for image, gate in zip(x, sigmoid(logits))]

# %% wrong map-and-gate: 0, "tuple", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :], gate

# %% wrong max-from-zero: 5.25, "never goes below zero", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     m = np.zeros((x.shape[0], x.shape[3]))
# +     for i in range(x.shape[1]):
# +         for j in range(x.shape[2]):
# +             m = np.maximum(m, x[:, i, j])
# +     a = x.mean(axis=(1, 2))
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong max-only: 1, "mean is not used", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong max-over-images: 2, "wrong", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     a, m = x.mean(axis=(1, 2)), x.max(axis=(0, 1, 2))
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong max-twice: 1, "the mean does not enter", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(m, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong mean-of-gates: 1, "mean of two gates", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = (sigmoid(mlp(a, w1, b1, w2, b2)) + sigmoid(mlp(m, w1, b1, w2, b2))) / 2
# +     return x * gate[:, None, None, :]

# %% wrong mean-of-hidden: 1, "averaged", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     hidden = np.maximum(a @ w1 + b1, 0) + np.maximum(m @ w1 + b1, 0)
# +     gate = sigmoid(hidden / 2 @ w2 + b2)
# +     return x * gate[:, None, None, :]

# %% wrong mean-of-logits: 1, "averaged", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid((mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)) / 2)
# +     return x * gate[:, None, None, :]

# %% wrong mean-only: 1, "max is not used", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong mean-twice: 1, "the max does not enter", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) + mlp(a, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong min: 1, "The min", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     a, m = x.mean(axis=(1, 2)), x.min(axis=(1, 2))
#       logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong no-biases: 1, "Both biases", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(np.maximum(a @ w1, 0) @ w2 + np.maximum(m @ w1, 0) @ w2)
# +     return x * gate[:, None, None, :]

# %% wrong no-first-bias: 1, "b1 is left out", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return np.maximum(v @ w1, 0) @ w2 + b2

# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong no-relu: 1, "no ReLU", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return (v @ w1 + b1) @ w2 + b2

# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong no-return: 0, "None", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     y = x * sigmoid(logits)[:, None, None, :]

# %% wrong no-second-bias: 1, "b2 is left out", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return np.maximum(v @ w1 + b1, 0) @ w2

# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong no-sigmoid: 1, "sigmoid is missing", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     return x * logits[:, None, None, :]

# %% wrong pools-over-channels: 0, "raised", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     a, m = x.mean(axis=-1), x.max(axis=-1)
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong product-of-gates: 1, "one by the other", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2)) * sigmoid(mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong product-of-logits: 1, "logits are multiplied", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2) * mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong product-of-pools: 1, "multiplied before", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a * m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong relu-after-first-sum: 1, "each descriptor needs its own", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     hidden = np.maximum(a @ w1 + b1 + m @ w1 + b1, 0)
# +     gate = sigmoid(hidden @ w2 + 2 * b2)
# +     return x * gate[:, None, None, :]

# %% wrong relu-before-pools: 2, "before the pools", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     positive = np.maximum(x, 0)
# +     a, m = positive.mean(axis=(1, 2)), positive.max(axis=(1, 2))
#       logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong relu-in-mlp-end: 1, "end of the MLP", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return np.maximum(np.maximum(v @ w1 + b1, 0) @ w2 + b2, 0)

# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong relu-on-sum: 1, "below one half", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(np.maximum(mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2), 0))
# +     return x * gate[:, None, None, :]

# %% wrong second-bias-once: 1, "counts once", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     hidden = np.maximum(a @ w1 + b1, 0) + np.maximum(m @ w1 + b1, 0)
# +     gate = sigmoid(hidden @ w2 + b2)
# +     return x * gate[:, None, None, :]

# %% wrong sigmoid-twice: 1, "another one after the sum", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(sigmoid(mlp(a, w1, b1, w2, b2)) + sigmoid(mlp(m, w1, b1, w2, b2)))
# +     return x * gate[:, None, None, :]

# %% wrong softmax: 1, "compete", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     e = np.exp(logits - logits.max(axis=1, keepdims=True))
# +     gate = e / e.sum(axis=1, keepdims=True)
# +     return x * gate[:, None, None, :]

# %% wrong sum-of-gates: 1, "two gates are added", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a, w1, b1, w2, b2)) + sigmoid(mlp(m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong sum-of-pools: 1, "added before", like right straight
# -     logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(mlp(a + m, w1, b1, w2, b2))
# +     return x * gate[:, None, None, :]

# %% wrong sum-pool: 1, "adds up", like right straight
# -     a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     a, m = x.sum(axis=(1, 2)), x.max(axis=(1, 2))
#       logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = sigmoid(logits)
# +     return x * gate[:, None, None, :]

# %% wrong tanh: 1, "tanh", like right straight
# -     return x * sigmoid(logits)[:, None, None, :]
# +     gate = np.tanh(logits)
# +     return x * gate[:, None, None, :]

# %% wrong helper-is-missing: 0, "is not defined"
def channel_attention_forward(x, w1, b1, w2, b2):
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    logits = mlp(a, w1, b1, w2, b2) + mlp(m, w1, b1, w2, b2)
    return x * sigmoid(logits)[:, None, None, :]

# %% wrong not-written: 0, "not written"
def channel_attention_forward(x, w1, b1, w2, b2):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong sigmoid-between: 1, "a sigmoid is used instead", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return sigmoid(v @ w1 + b1) @ w2 + b2

# %% wrong tanh-between: 1, "a tanh is used instead of the relu", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return np.tanh(v @ w1 + b1) @ w2 + b2

# %% wrong leaky-relu: 1, "leaky", like right straight
# -     return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +     return np.maximum(v @ w1 + b1, 0.2 * (v @ w1 + b1)) @ w2 + b2

# %% wrong minus-sign-lost: 1, "sign in the exponent", like right straight
# -     return 1 / (1 + np.exp(-t))
# +     return 1 / (1 + np.exp(t))
