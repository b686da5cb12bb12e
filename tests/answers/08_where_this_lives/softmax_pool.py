# %% right einsum
def softmax_pool(x, query):
    logits = x @ query
    powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
    weights = powers / powers.sum(axis=(1, 2), keepdims=True)
    return np.einsum("bhw,bhwc->bc", weights, x)

# %% right flattened
def softmax_pool(x, query):
    b, h, w, c = x.shape
    flat = x.reshape(b, h * w, c)
    logits = flat @ query
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (flat * powers[..., None]).sum(axis=1) / powers.sum(axis=1, keepdims=True)

# %% right loops
def softmax_pool(x, query):
    pooled = np.zeros((x.shape[0], x.shape[3]))
    for b in range(x.shape[0]):
        places = [x[b, i, j] for i in range(x.shape[1]) for j in range(x.shape[2])]
        logits = [float(sum(place * query)) for place in places]
        highest = max(logits)
        powers = [np.exp(logit - highest) for logit in logits]
        for place, power in zip(places, powers):
            pooled[b] += place * power / sum(powers)
    return pooled

# %% right matrix-product
def softmax_pool(x, query):
    flat = x.reshape(x.shape[0], -1, x.shape[3])
    logits = (flat @ query[:, None])[..., 0]
    logits = logits - logits.max(axis=1)[:, None]
    weights = np.exp(logits) / np.exp(logits).sum(axis=1)[:, None]
    return (weights[:, None, :] @ flat)[:, 0, :]

# %% right tensorflow
def softmax_pool(x, query):
    flat = tf.reshape(tf.constant(x), (x.shape[0], -1, x.shape[3]))
    weights = tf.nn.softmax(tf.linalg.matvec(flat, tf.constant(query, flat.dtype)), axis=1)
    return tf.einsum("bn,bnc->bc", weights, flat)

# %% right keras-float32
def softmax_pool(x, query):
    flat = np.float32(x).reshape(len(x), -1, x.shape[3])
    weights = keras.ops.softmax(flat @ np.float32(query), axis=1)
    return keras.ops.convert_to_numpy(keras.ops.einsum("bn,bnc->bc", weights, flat))

# %% wrong mean: 1.25, "plain mean", like right einsum
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return x.mean(axis=(1, 2))

# %% wrong along-columns: 1, "along the columns", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# +     powers = np.exp(logits - logits.max(axis=1, keepdims=True))
# +     weights = powers / powers.sum(axis=1, keepdims=True)

# %% wrong along-rows: 1, "along the rows", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# +     powers = np.exp(logits - logits.max(axis=2, keepdims=True))
# +     weights = powers / powers.sum(axis=2, keepdims=True)

# %% wrong last-axis-by-keras: 1, "along the rows"
def softmax_pool(x, query):
    weights = keras.ops.convert_to_numpy(keras.ops.softmax(x @ query))
    return np.einsum("bhw,bhwc->bc", weights, x)

# %% wrong whole-batch: 2, "share one softmax", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# +     powers = np.exp(logits - logits.max())
# +     weights = powers / powers.sum()

# %% wrong largest-of-the-batch: 4.5, "lowered by the same number", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# +     powers = np.exp(logits - logits.max())

# %% wrong over-the-channels: 1, "are wrong"
def softmax_pool(x, query):
    powers = np.exp(x * query)
    weights = powers / powers.sum(axis=-1, keepdims=True)
    return (x * weights).sum(axis=(1, 2))

# %% wrong mean-added: 1, "are wrong", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return x.mean(axis=(1, 2)) + np.einsum("bhw,bhwc->bc", weights, x)

# %% wrong cut-anew: 1, "mixes channels"
def softmax_pool(x, query):
    flat = x.reshape(len(x), x.shape[3], -1)
    logits = np.einsum("bcn,c->bn", flat, query)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.einsum("bn,bcn->bc", powers / powers.sum(axis=1, keepdims=True), flat)

# %% wrong per-channel: 1.25, "weights of its own"
def softmax_pool(x, query):
    logits = x * query
    powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
    weights = powers / powers.sum(axis=(1, 2), keepdims=True)
    return (weights * x).sum(axis=(1, 2))

# %% wrong sigmoid: 1, "sigmoids"
def softmax_pool(x, query):
    weights = 1 / (1 + np.exp(-(x @ query)))
    return np.einsum("bhw,bhwc->bc", weights, x)

# %% wrong sigmoid-mean: 1, "sigmoids"
def softmax_pool(x, query):
    weights = 1 / (1 + np.exp(-(x @ query)))
    return (x * weights[..., None]).mean(axis=(1, 2))

# %% wrong sigmoid-share: 1.25, "divided by their sum"
def softmax_pool(x, query):
    weights = 1 / (1 + np.exp(-(x @ query)))
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    return np.einsum("bhw,bhwc->bc", weights, x)

# %% wrong linear-share: 1, "exponential", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# +     weights = logits / logits.sum(axis=(1, 2), keepdims=True)

# %% wrong not-divided: 1, "not divided", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# -     weights = powers / powers.sum(axis=(1, 2), keepdims=True)
# +     weights = np.exp(logits)

# %% wrong logits: 1, "logits themselves", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return np.einsum("bhw,bhwc->bc", logits, x)

# %% wrong mean-of-weighted: 1, "number of positions", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return (weights[..., None] * x).mean(axis=(1, 2))

# %% wrong hard-max: 1, "largest logit", like right flattened
# -     powers = np.exp(logits - logits.max(axis=1, keepdims=True))
# -     return (flat * powers[..., None]).sum(axis=1) / powers.sum(axis=1, keepdims=True)
# +     return flat[np.arange(b), logits.argmax(axis=1)]

# %% wrong sign: 1.25, "wrong sign", like right einsum
# -     logits = x @ query
# +     logits = -x @ query

# %% wrong scaled: 1.25, "root of C", like right einsum
# -     logits = x @ query
# +     logits = x @ query / np.sqrt(x.shape[3])

# %% wrong overflow: 4.5, "exp of a large number", like right einsum
# -     powers = np.exp(logits - logits.max(axis=(1, 2), keepdims=True))
# +     powers = np.exp(logits)

# %% wrong weights-alone: 0.5, "still missing", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return weights

# %% wrong kept-axes: 0.5, "left over", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return (weights[..., None] * x).sum(axis=(1, 2), keepdims=True)

# %% wrong list: 4.75, "list", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return np.einsum("bhw,bhwc->bc", weights, x).tolist()

# %% wrong in-place: 4.75, "changes what it was given", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     x *= weights[..., None]
# +     return x.sum(axis=(1, 2))

# %% wrong no-return: 0, "None", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     np.einsum("bhw,bhwc->bc", weights, x)

# %% wrong not-written: 0, "not written"
def softmax_pool(x, query):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong weights-without-a-channel-axis: 0, "write both shapes below each other", like right einsum
# -     return np.einsum("bhw,bhwc->bc", weights, x)
# +     return (weights * x).sum(axis=(1, 2))
