# %% right inner-mlp
def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def convolve(d, kernel):
    k = kernel.shape[0]
    pad = k // 2
    padded = np.pad(d, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros(d.shape[:3])
    for i in range(k):
        for j in range(k):
            out += padded[:, i : i + d.shape[1], j : j + d.shape[2]] @ kernel[i, j]
    return out



def cbam_forward(x, w1, b1, w2, b2, kernel):
    def mlp(v):
        return np.maximum(v @ w1 + b1, 0) @ w2 + b2

    mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
    refined = x * gate
    pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
    where = sigmoid(convolve(pooled, kernel))[..., None]
    return refined * where

# %% right keras-ops
from keras import ops

def cbam_forward(x, w1, b1, w2, b2, kernel):
    z = ops.concatenate([ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))], axis=0)
    logits = ops.matmul(ops.relu(ops.matmul(z, w1) + b1), w2) + b2
    a, m = ops.split(logits, 2, axis=0)
    y = x * ops.sigmoid(a + m)[:, None, None, :]
    d = ops.stack([ops.mean(y, axis=-1), ops.max(y, axis=-1)], axis=-1)
    return y * ops.sigmoid(ops.conv(d, kernel[:, :, :, None], padding="same"))

# %% right loops-over-images
def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def convolve(d, kernel):
    k = kernel.shape[0]
    pad = k // 2
    padded = np.pad(d, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros(d.shape[:3])
    for i in range(k):
        for j in range(k):
            out += padded[:, i : i + d.shape[1], j : j + d.shape[2]] @ kernel[i, j]
    return out



def one_image(x, w1, b1, w2, b2, kernel):
    total = 0
    for pool in (np.mean, np.max):
        hidden = w1.T @ pool(x, axis=(0, 1)) + b1
        hidden[hidden < 0] = 0
        total = total + w2.T @ hidden
    x = sigmoid(total + 2 * b2) * x
    out = np.empty_like(x)
    height, width, _ = x.shape
    for h in range(height):
        for w in range(width):
            logit = 0.0
            for i in range(7):
                for j in range(7):
                    r, c = h + i - 3, w + j - 3
                    if 0 <= r < height and 0 <= c < width:
                        logit += kernel[i, j, 0] * np.mean(x[r, c]) + kernel[i, j, 1] * max(x[r, c])
            out[h, w] = x[h, w] * sigmoid(logit)
    return out


def cbam_forward(x, w1, b1, w2, b2, kernel):
    return np.array([one_image(image, w1, b1, w2, b2, kernel) for image in x])

# %% right two-functions-and-windows
def channel_half(x, w1, b1, w2, b2):
    hidden = sum(np.clip(np.einsum("bc,cm->bm", v, w1) + b1, 0, None) for v in (np.mean(x, (1, 2)), np.amax(x, (1, 2))))
    return np.einsum("bhwc,bc->bhwc", x, 1 / (1 + np.exp(-(hidden @ w2 + 2 * b2))))


def spatial_half(x, kernel):
    half = kernel.shape[0] // 2
    d = np.concatenate([x.mean(3, keepdims=True), x.max(3, keepdims=True)], axis=3)
    d = np.pad(d, [(0, 0), (half, half), (half, half), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(d, kernel.shape[:2], axis=(1, 2))
    return x * (0.5 + 0.5 * np.tanh(np.einsum("bhwdij,ijd->bhw", windows, kernel) / 2))[..., np.newaxis]


def cbam_forward(x, w1, b1, w2, b2, kernel):
    return spatial_half(channel_half(x, w1, b1, w2, b2), kernel)

# %% wrong added-side-by-side: 1, "side by side", like right inner-mlp
# -     mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# -     refined = x * gate
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# -     return refined * where
# +     def by_channel(x):
# +         return x * sigmoid(mlp(x.mean(axis=(1, 2))) + mlp(x.max(axis=(1, 2))))[:, None, None, :]
# +
# +     def by_place(x):
# +         return x * sigmoid(convolve(np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1), kernel))[..., None]
# +
# +     return by_channel(x) + by_place(x)

# %% wrong channel-half-lost: 1, "is lost", like right inner-mlp
# -     return refined * where
# +     return x * where

# %% wrong channel-missing: 1, "channel half is missing", like right inner-mlp
# -     refined = x * gate
# +     refined = x

# %% wrong concatenated-on-rows: 0, "shape", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.concatenate([refined.mean(axis=-1), refined.max(axis=-1)], axis=1)[..., None]

# %% wrong gate-returned: 0.5, "a gate", like right inner-mlp
# -     return refined * where
# +     return where

# %% wrong gates-added: 1, "pass 1", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = (sigmoid(mlp(mean)) + sigmoid(mlp(largest)))[:, None, None, :]

# %% wrong in-place: 4.75, "changes what it was given", like right inner-mlp
# -     refined = x * gate
# +     x *= gate
# +     refined = x

# %% wrong inner-residual: 1, "between the two halves", like right inner-mlp
# -     refined = x * gate
# +     refined = x + x * gate

# %% wrong input-added: 1, "belongs to the network", like right inner-mlp
# -     return refined * where
# +     return x + refined * where

# %% wrong kernel-flipped: 1, "flipped", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = sigmoid(convolve(pooled, kernel[::-1, ::-1]))[..., None]

# %% wrong logits-averaged: 1, "averaged", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid((mlp(mean) + mlp(largest)) / 2)[:, None, None, :]

# %% wrong max-before-mean: 1, "exchanged", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.max(axis=-1), refined.mean(axis=-1)], axis=-1)

# %% wrong max-only: 1, "max alone", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp(largest))[:, None, None, :]

# %% wrong mean-only: 1, "mean alone", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp(mean))[:, None, None, :]

# %% wrong mean-twice: 1, "mean twice", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.mean(axis=-1), refined.mean(axis=-1)], axis=-1)

# %% wrong no-channel-sigmoid: 1, "channel gate has no sigmoid", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = (mlp(mean) + mlp(largest))[:, None, None, :]

# %% wrong no-relu: 1, "no relu", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return (v @ w1 + b1) @ w2 + b2

# %% wrong no-return: 0, "none", like right inner-mlp
# -     return refined * where
# +     print(refined * where)

# %% wrong no-spatial-sigmoid: 1, "spatial gate has no sigmoid", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = convolve(pooled, kernel)[..., None]

# %% wrong pools-averaged: 1, "by itself", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp((mean + largest) / 2))[:, None, None, :]

# %% wrong product-of-gates: 1, "product of the gates", like right inner-mlp
# -     return refined * where
# +     return gate * where

# %% wrong relu-after-convolution: 1, "after the convolution", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = sigmoid(np.maximum(convolve(pooled, kernel), 0))[..., None]

# %% wrong relu-between: 1, "between the two halves", like right inner-mlp
# -     refined = x * gate
# +     refined = np.maximum(x * gate, 0)

# %% wrong relu-on-the-sum: 1, "before the sigmoid", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(np.maximum(mlp(mean) + mlp(largest), 0))[:, None, None, :]

# %% wrong second-bias-once: 1, "counted once", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp(mean) + mlp(largest) - b2)[:, None, None, :]

# %% wrong spatial-axis-missing: 0, "broadcast", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = sigmoid(convolve(pooled, kernel))

# %% wrong spatial-first: 1, "comes first", like right inner-mlp
# -     mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# -     refined = x * gate
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# -     return refined * where
# +     def by_channel(x):
# +         return x * sigmoid(mlp(x.mean(axis=(1, 2))) + mlp(x.max(axis=(1, 2))))[:, None, None, :]
# +
# +     def by_place(x):
# +         return x * sigmoid(convolve(np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1), kernel))[..., None]
# +
# +     return by_channel(by_place(x))

# %% wrong spatial-gate-from-x: 1, "refined map", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong spatial-missing: 1, "spatial half is missing", like right inner-mlp
# -     return refined * where
# +     return refined

# %% wrong not-written: 0, "not written yet"
def cbam_forward(x, w1, b1, w2, b2, kernel):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong relu-at-the-end: 1, "after the block", like right inner-mlp
# -     return refined * where
# +     return np.maximum(refined * where, 0)

# %% wrong no-biases: 1, "both biases are left out in the channel half", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return np.maximum(v @ w1, 0) @ w2

# %% wrong no-first-bias: 1, "b1 is left out in the channel half", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return np.maximum(v @ w1, 0) @ w2 + b2

# %% wrong no-second-bias: 1, "b2 is left out in the channel half", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return np.maximum(v @ w1 + b1, 0) @ w2

# %% wrong pools-added: 1, "added before the mlp in the channel half", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp(mean + largest))[:, None, None, :]

# %% wrong relu-ends-the-mlp: 1, "at the end of the mlp in the channel half", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return np.maximum(np.maximum(v @ w1 + b1, 0) @ w2 + b2, 0)

# %% wrong sigmoid-ends-the-mlp: 1, "after the sum in the channel half", like right inner-mlp
# -         return np.maximum(v @ w1 + b1, 0) @ w2 + b2
# +         return sigmoid(np.maximum(v @ w1 + b1, 0) @ w2 + b2)

# %% wrong mean-of-two-gates: 1, "mean of two gates in the channel half", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = ((sigmoid(mlp(mean)) + sigmoid(mlp(largest))) / 2)[:, None, None, :]

# %% wrong greater-of-two: 1, "greater of the two gates is taken in the channel half", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(np.maximum(mlp(mean), mlp(largest)))[:, None, None, :]

# %% wrong max-twice-in-the-channel-half: 1, "used twice in the channel half", like right inner-mlp
# -     gate = sigmoid(mlp(mean) + mlp(largest))[:, None, None, :]
# +     gate = sigmoid(mlp(largest) + mlp(largest))[:, None, None, :]

# %% wrong min-of-positions: 1, "instead of the max in the channel half", like right inner-mlp
# -     mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     mean, largest = x.mean(axis=(1, 2)), x.min(axis=(1, 2))

# %% wrong absolute-max-of-positions: 2, "absolute values in the channel half", like right inner-mlp
# -     mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     mean, largest = x.mean(axis=(1, 2)), np.abs(x).max(axis=(1, 2))

# %% wrong sum-of-positions: 1, "does not divide in the channel half", like right inner-mlp
# -     mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
# +     mean, largest = x.sum(axis=(1, 2)), x.max(axis=(1, 2))

# %% wrong max-twice-in-the-spatial-half: 1, "both maps are the max in the spatial half", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.max(axis=-1), refined.max(axis=-1)], axis=-1)

# %% wrong min-of-channels: 1, "the min in the spatial half", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.mean(axis=-1), refined.min(axis=-1)], axis=-1)

# %% wrong absolute-max-of-channels: 1, "absolute values in the spatial half", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.mean(axis=-1), np.abs(refined).max(axis=-1)], axis=-1)

# %% wrong sum-of-channels: 1, "a sum in the spatial half", like right inner-mlp
# -     pooled = np.stack([refined.mean(axis=-1), refined.max(axis=-1)], axis=-1)
# +     pooled = np.stack([refined.sum(axis=-1), refined.max(axis=-1)], axis=-1)

# %% wrong kernel-transposed: 1, "exchanged in the spatial half", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = sigmoid(convolve(pooled, kernel.transpose(1, 0, 2)))[..., None]

# %% wrong spatial-sigmoid-twice: 1, "applied twice in the spatial half", like right inner-mlp
# -     where = sigmoid(convolve(pooled, kernel))[..., None]
# +     where = sigmoid(sigmoid(convolve(pooled, kernel)))[..., None]
