# %% right straight
def conv(d, kernel):
    p = kernel.shape[0] // 2
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    H, W = d.shape[1:3]
    return sum(padded[:, i:i + H, j:j + W] @ kernel[i, j]
               for i in range(kernel.shape[0]) for j in range(kernel.shape[1]))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def spatial_attention_forward(x, kernel):
    d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
    gate = sigmoid(conv(d, kernel))
    return x * gate[..., None]

# %% right channels-moved-first, like right straight
# -     return x * gate[..., None]
# +     y = np.moveaxis(x, -1, 0) * gate
# +     return np.moveaxis(y, 0, -1)

# %% right einsum, like right straight
# -     return x * gate[..., None]
# +     return np.einsum("bhwc,bhw->bhwc", x, gate)

# %% right tanh-sigmoid, like right straight
# -     return 1 / (1 + np.exp(-a))
# +     return 0.5 * (np.tanh(a / 2) + 1)

# %% right two-convolutions-added, like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# -     gate = sigmoid(conv(d, kernel))
# +     a = conv(x.mean(-1, keepdims=True), kernel[:, :, :1])
# +     b = conv(x.max(-1, keepdims=True), kernel[:, :, 1:])
# +     gate = sigmoid(a + b)

# %% right kept-axes
def spatial_attention_forward(x, kernel):
    mean = np.mean(x, axis=3, keepdims=True)
    largest = np.max(x, axis=3, keepdims=True)
    d = np.concatenate([mean, largest], axis=3)
    B, H, W, _ = d.shape
    big = np.zeros((B, H + 6, W + 6, 2))
    big[:, 3:-3, 3:-3] = d
    logits = np.zeros((B, H, W, 1))
    for i in range(7):
        for j in range(7):
            logits += big[:, i:i + H, j:j + W] @ kernel[i, j][:, None]
    return x / (1 + np.exp(-logits))

# %% right keras-layers
from keras import layers, ops

def spatial_attention_forward(x, kernel):
    d = ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)
    layer = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid", dtype="float64")
    layer.build(d.shape)
    layer.set_weights([kernel[..., None]])
    return np.array(layer(d)) * x

# %% right loops
import math


def spatial_attention_forward(x, kernel):
    B, H, W, C = x.shape
    y = np.zeros_like(x)
    for b in range(B):
        mean = [[sum(x[b, h, w]) / C for w in range(W)] for h in range(H)]
        most = [[max(x[b, h, w]) for w in range(W)] for h in range(H)]
        for h in range(H):
            for w in range(W):
                a = 0.0
                for i in range(-3, 4):
                    for j in range(-3, 4):
                        if 0 <= h + i < H and 0 <= w + j < W:
                            a += kernel[i + 3, j + 3, 0] * mean[h + i][w + j]
                            a += kernel[i + 3, j + 3, 1] * most[h + i][w + j]
                y[b, h, w] = x[b, h, w] / (1 + math.exp(-a))
    return y

# %% right tensorflow-float32
def spatial_attention_forward(x, kernel):
    t = tf.cast(x, tf.float32)
    d = tf.concat([tf.reduce_mean(t, -1, keepdims=True), tf.reduce_max(t, -1, keepdims=True)], -1)
    a = tf.nn.conv2d(d, tf.cast(kernel, tf.float32)[..., None], 1, "SAME")
    return (t * tf.sigmoid(a)).numpy()

# %% wrong absolute-max: 1.25, "absolute", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.mean(axis=-1), np.abs(x).max(axis=-1)], axis=-1)

# %% wrong bare-product: 0, "broadcast", like right straight
# -     return x * gate[..., None]
# +     return x * gate

# %% wrong border-repeated: 1.25, "beyond the edge", like right straight
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)), mode="edge")

# %% wrong first-gate: 2, "first image", like right straight
# -     return x * gate[..., None]
# +     return x * gate[0][..., None]

# %% wrong flipped: 1.25, "flipped", like right straight
# -     return sum(padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return sum(padded[:, i:i + H, j:j + W] @ kernel[6 - i, 6 - j]

# %% wrong gate-added: 1.25, "added", like right straight
# -     return x * gate[..., None]
# +     return x + gate[..., None]

# %% wrong gate-alone: 0.75, "gate itself", like right straight
# -     return x * gate[..., None]
# +     return gate

# %% wrong gate-and-map: 0, "tuple", like right straight
# -     return x * gate[..., None]
# +     return x * gate[..., None], gate

# %% wrong gate-stretched: 1.25, "gate itself", like right straight
# -     return x * gate[..., None]
# +     return np.repeat(gate[..., None], x.shape[-1], axis=-1)

# %% wrong gate-with-axis: 0.75, "gate itself", like right straight
# -     return x * gate[..., None]
# +     return gate[..., None]

# %% wrong hard-sigmoid: 1.25, "hard sigmoid", like right straight
# -     return 1 / (1 + np.exp(-a))
# +     return np.clip(a / 6 + 0.5, 0, 1)

# %% wrong in-place: 4.5, "changes what it was given", like right straight
# -     return x * gate[..., None]
# +     x *= gate[..., None]
# +     return x

# %% wrong input-added: 1.25, "input is added", like right straight
# -     return x * gate[..., None]
# +     return x + x * gate[..., None]

# %% wrong joined-on-axis-one: 0, "raised", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.concatenate([x.mean(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)], axis=1)

# %% wrong joined-on-axis-two: 0, "raised", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.concatenate([x.mean(axis=-1, keepdims=True), x.max(axis=-1, keepdims=True)], axis=2)

# %% wrong keepdims-missing: 0, "raised", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.concatenate([x.mean(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong kernel-transposed: 1.25, "exchanged", like right straight
# -     return sum(padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return sum(padded[:, i:i + H, j:j + W] @ kernel[j, i]

# %% wrong max-alone: 1.25, "one of the two maps", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# -     gate = sigmoid(conv(d, kernel))
# +     d = x.max(axis=-1)[..., None]
# +     gate = sigmoid(conv(d, kernel[:, :, 1:]))

# %% wrong max-first: 1.25, "order is swapped", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.max(axis=-1), x.mean(axis=-1)], axis=-1)

# %% wrong max-twice: 1.25, "both maps are the max", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.max(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong mean-alone: 1.25, "one of the two maps", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# -     gate = sigmoid(conv(d, kernel))
# +     d = x.mean(axis=-1)[..., None]
# +     gate = sigmoid(conv(d, kernel[:, :, :1]))

# %% wrong mean-twice: 1.25, "both maps are the mean", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.mean(axis=-1), x.mean(axis=-1)], axis=-1)

# %% wrong min: 1.25, "min", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.mean(axis=-1), x.min(axis=-1)], axis=-1)

# %% wrong minus-sign-lost: 1.25, "sign in the exponent", like right straight
# -     return 1 / (1 + np.exp(-a))
# +     return 1 / (1 + np.exp(a))

# %% wrong new-axis-first: 0, "raised ValueError", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.mean(axis=-1), x.max(axis=-1)])

# %% wrong new-axis-second: 0, "broadcast", like right straight
# -     return x * gate[..., None]
# +     return x * gate[:, None]

# %% wrong no-return: 0, "return", like right straight
# -     return x * gate[..., None]
# +     y = x * gate[..., None]

# %% wrong no-sigmoid: 1.25, "sigmoid is missing", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     gate = conv(d, kernel)

# %% wrong norm-left-in: 1.25, "wrong", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     a = conv(d, kernel)
# +     a = (a - a.mean()) / np.sqrt(a.var() + 1e-5)
# +     gate = sigmoid(a)

# %% wrong own-kernel: 0.75, "second call", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     gate = sigmoid(conv(d, np.random.normal(size=(7, 7, 2))))

# %% wrong pooled-maps-gated: 0.75, "pooled maps", like right straight
# -     return x * gate[..., None]
# +     return d * gate[..., None]

# %% wrong pooled-over-places: 0, "raised", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.mean(axis=(1, 2)), x.max(axis=(1, 2))], axis=-1)

# %% wrong relu-after-block: 1.25, "ReLU comes after", like right straight
# -     return x * gate[..., None]
# +     return np.maximum(x * gate[..., None], 0)

# %% wrong relu-after-conv: 1.25, "below one half", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     gate = sigmoid(np.maximum(conv(d, kernel), 0))

# %% wrong relu-before: 1.25, "ReLU comes before", like right straight
#   def spatial_attention_forward(x, kernel):
# +     x = np.maximum(x, 0)

# %% wrong relu-for-sigmoid: 1.25, "bounded by one", like right straight
# -     return 1 / (1 + np.exp(-a))
# +     return np.maximum(a, 0)

# %% wrong sigmoid-twice: 1.25, "applied twice", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     gate = sigmoid(sigmoid(conv(d, kernel)))

# %% wrong softmax: 1.25, "compete", like right straight
# -     return 1 / (1 + np.exp(-a))
# +     e = np.exp(a)
# +     return e / e.sum(axis=(1, 2), keepdims=True)

# %% wrong sum-in-place-of-concat: 1.25, "added up", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     s = x.mean(axis=-1) + x.max(axis=-1)
# +     d = np.stack([s, s], axis=-1)

# %% wrong sum-over-channels: 1.25, "divides by C", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.stack([x.sum(axis=-1), x.max(axis=-1)], axis=-1)

# %% wrong tanh: 1.25, "tanh", like right straight
# -     return 1 / (1 + np.exp(-a))
# +     return np.tanh(a)

# %% wrong three-by-three: 2, "middle of the kernel", like right straight
# -     gate = sigmoid(conv(d, kernel))
# +     gate = sigmoid(conv(d, kernel[2:5, 2:5]))

# %% wrong valid: 0, "raised", like right straight
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# -     H, W = d.shape[1:3]
# +     padded = d
# +     H, W = d.shape[1] - 6, d.shape[2] - 6

# %% wrong helper-is-missing: 0, "is not defined"
def spatial_attention_forward(x, kernel):
    d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
    return x * sigmoid(conv2d_same(d, kernel))[..., None]

# %% wrong not-written: 0, "not written yet"
def spatial_attention_forward(x, kernel):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong joined-by-a-reshape: 1.25, "in another order", like right straight
# -     d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
# +     d = np.array([x.mean(axis=-1), x.max(axis=-1)]).reshape(*x.shape[:3], 2)
