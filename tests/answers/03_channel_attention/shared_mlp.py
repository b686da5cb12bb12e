# %% right straight
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    return h @ w2 + b2

# %% right bias-as-a-column
def shared_mlp(v, w1, b1, w2, b2):
    v1 = np.hstack([v, np.ones((len(v), 1))])
    h = np.clip(v1 @ np.vstack([w1, b1]), 0, None)
    h1 = np.hstack([h, np.ones((len(v), 1))])
    return h1 @ np.vstack([w2, b2])

# %% right einsum
def shared_mlp(v, w1, b1, w2, b2):
    h = np.einsum("bc,cm->bm", v, w1) + b1
    h = np.where(h > 0, h, 0.0)
    return np.einsum("bm,mc->bc", h, w2) + b2[None, :]

# %% right float32-tensorflow
def shared_mlp(v, w1, b1, w2, b2):
    v, w1, b1, w2, b2 = (tf.cast(t, tf.float32) for t in (v, w1, b1, w2, b2))
    return tf.matmul(tf.nn.relu(tf.matmul(v, w1) + b1), w2) + b2

# %% right keras-ops
from keras import ops

def shared_mlp(v, w1, b1, w2, b2):
    hidden = ops.relu(ops.add(ops.matmul(v, w1), b1))
    return ops.convert_to_numpy(ops.add(ops.matmul(hidden, w2), b2))

# %% right loops
def shared_mlp(v, w1, b1, w2, b2):
    images, channels = v.shape
    width = len(b1)
    logits = np.zeros((images, channels))
    for i in range(images):
        hidden = []
        for k in range(width):
            total = b1[k]
            for c in range(channels):
                total += v[i, c] * w1[c, k]
            hidden.append(max(total, 0.0))
        for c in range(channels):
            logits[i, c] = b2[c] + sum(hidden[k] * w2[k, c] for k in range(width))
    return logits

# %% right prints-and-warns
def shared_mlp(v, w1, b1, w2, b2):
    import warnings
    print("shape of v", v.shape)
    warnings.warn("no sigmoid here")
    hidden = (v @ w1) + b1
    hidden = hidden * (hidden > 0)
    return (hidden @ w2) + b2

# %% right row-by-row
def relu(t):
    return (t + abs(t)) / 2


def layer(t, w, b):
    return np.dot(w.T, t) + b


def shared_mlp(v, w1, b1, w2, b2):
    rows = []
    for row in v:
        rows.append(layer(relu(layer(row, w1, b1)), w2, b2))
    return np.array(rows)

# %% wrong absolute-values: 1, "Absolute values", like right straight
# -     h = np.maximum(v @ w1 + b1, 0)
# +     h = np.abs(v @ w1 + b1)

# %% wrong adds-v: 1, "adds v", like right straight
# -     return h @ w2 + b2
# +     return v + h @ w2 + b2

# %% wrong dropout: 0.75, "second call", like right straight
#       h = np.maximum(v @ w1 + b1, 0)
# +     h = h * (np.random.random(h.shape) * 2)

# %% wrong multiplies-v: 1, "multiplies v", like right straight
# -     return h @ w2 + b2
# +     return v * (h @ w2 + b2)

# %% wrong one-number-a-row: 0.5, "axis", like right straight
# -     return h @ w2 + b2
# +     return (h @ w2 + b2).sum(axis=1)

# %% wrong relu-at-the-end: 1, "after the second layer", like right straight
# -     return h @ w2 + b2
# +     return np.maximum(h @ w2 + b2, 0)

# %% wrong sigmoid-at-the-end: 1, "sigmoid stands at the end", like right straight
# -     return h @ w2 + b2
# +     return 1 / (1 + np.exp(-(h @ w2 + b2)))

# %% wrong sigmoid-between: 1, "in place of the ReLU", like right straight
# -     h = np.maximum(v @ w1 + b1, 0)
# +     h = 1 / (1 + np.exp(-(v @ w1 + b1)))

# %% wrong tanh-between: 1, "tanh", like right straight
# -     h = np.maximum(v @ w1 + b1, 0)
# +     h = np.tanh(v @ w1 + b1)

# %% wrong changes-v: 0.75, "changes what it was given"
def shared_mlp(v, w1, b1, w2, b2):
    v[v < 0] = 0
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2

# %% wrong float16: 1.75, "three digits", like wrong changes-v
# -     v[v < 0] = 0
# +     v, w1, b1, w2, b2 = (t.astype(np.float16) for t in (v, w1, b1, w2, b2))

# %% wrong relu-before: 1, "before the first layer", like wrong changes-v
# -     v[v < 0] = 0
# +     v = np.maximum(v, 0)

# %% wrong another-name: 0, "no function named"
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2

# %% wrong bias-for-one-row: 1, "first image"
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    logits = h @ w2
    logits[0] += b2
    return logits

# %% wrong first-bias-after-relu: 1, "added after the ReLU"
def shared_mlp(v, w1, b1, w2, b2):
    return (np.maximum(v @ w1, 0) + b1) @ w2 + b2

# %% wrong list: 3.75, "type list"
def shared_mlp(v, w1, b1, w2, b2):
    return [np.maximum(row @ w1 + b1, 0) @ w2 + b2 for row in v]

# %% wrong no-biases: 1, "Both biases"
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1, 0) @ w2

# %% wrong no-first-bias: 1, "b1 is left out"
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1, 0) @ w2 + b2

# %% wrong no-relu: 1, "no ReLU"
def shared_mlp(v, w1, b1, w2, b2):
    return (v @ w1 + b1) @ w2 + b2

# %% wrong no-second-bias: 1, "b2 is left out"
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2

# %% wrong not-written: 0, "not written"
def shared_mlp(v, w1, b1, w2, b2):
    # the first layer
    # the second layer
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong prints: 0, "None"
def shared_mlp(v, w1, b1, w2, b2):
    print(np.maximum(v @ w1 + b1, 0) @ w2 + b2)

# %% wrong rows-mixed: 1, "share one result"
def shared_mlp(v, w1, b1, w2, b2):
    mean_row = v.mean(axis=0)
    h = np.maximum(mean_row @ w1 + b1, 0)
    return np.stack([h @ w2 + b2] * len(v))

# %% wrong scales-bias-in-place: 3.75, "changes what it was given"
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1 + b1, 0)
    b2 *= np.ones_like(b2)
    logits = h @ w2
    logits += b2
    b2 -= b2
    return logits

# %% wrong second-bias-twice: 1, "counts twice"
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + 2 * b2

# %% wrong stops-at-bottleneck: 0.5, "second layer is missing"
def shared_mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0)

# %% wrong transposed: 0, "inner sizes"
def shared_mlp(v, w1, b1, w2, b2):
    h = np.maximum(v @ w1.T + b1, 0)
    return h @ w2.T + b2
