# %% right one-fault-at-a-time
def telling_case(fault, shape, m):
    B, H, W, C = shape
    rng = np.random.default_rng(0)
    x = rng.uniform(1, 3, size=shape)
    w1, b1 = np.zeros((C, m)), np.ones(m)
    w2, b2, kernel = np.zeros((m, C)), np.zeros(C), np.zeros((7, 7, 2))
    if fault == "b2 once":
        b2[:] = -1.0
    elif fault == "no ReLU":
        b1[:] = -1.0
        w2[:] = 1.0
    elif fault == "gate from x":
        kernel[3, 3] = 0.3
    else:
        w2[:] = 50.0
        if fault == "max first":
            kernel[3, 3, 0] = 1.0
        else:
            kernel[3, 2] = 0.3
            kernel[3, 4] = -0.3
    return x, w1, b1, w2, b2, kernel

# %% right random-search
def block(x, w1, b1, w2, b2, kernel, fault=None):
    def mlp(v):
        hidden = v @ w1 + b1
        return (hidden if fault == "no ReLU" else np.maximum(hidden, 0)) @ w2 + b2

    logits = mlp(x.mean(axis=(1, 2))) + mlp(x.max(axis=(1, 2)))
    if fault == "b2 once":
        logits = logits - b2
    refined = x / (1 + np.exp(-logits))[:, None, None, :]
    seen = x if fault == "gate from x" else refined
    d = [seen.max(-1), seen.mean(-1)] if fault == "max first" else [seen.mean(-1), seen.max(-1)]
    d = np.stack(d, axis=-1)
    k = kernel[::-1, ::-1] if fault == "flipped kernel" else kernel
    d = np.pad(d, ((0, 0), (3, 3), (3, 3), (0, 0)))
    H, W = x.shape[1:3]
    a = sum(d[:, i:i + H, j:j + W] @ k[i, j] for i in range(7) for j in range(7))
    return refined / (1 + np.exp(-a))[..., None]


def telling_case(fault, shape, m):
    """Hide each fault in its own way, leave out what would hide the one asked for, and look whether it worked."""
    faults = ["gate from x", "b2 once", "no ReLU", "max first", "flipped kernel"]
    rng = np.random.default_rng(1)
    for trial in range(100):
        x = np.abs(rng.normal(size=shape)) + 0.5
        w1, b1 = np.abs(rng.normal(size=(shape[3], m))), np.ones(m)
        w2, b2, kernel = rng.normal(size=(m, shape[3])), np.zeros(shape[3]), rng.normal(size=(7, 7, 2)) / 10
        if fault in ("b2 once", "no ReLU"):
            kernel *= 0
        if fault == "b2 once":
            b2 = rng.normal(size=shape[3])
        if fault == "no ReLU":
            w1 = -w1
        if fault != "max first":
            kernel[..., 1] = kernel[..., 0]
        if fault != "flipped kernel":
            kernel = kernel + kernel[::-1, ::-1]
        if fault in ("max first", "flipped kernel"):
            w2 = np.full_like(w2, 60.0)
        case = x, w1, b1, w2, b2, kernel
        right = block(*case)
        off = {one: np.abs(block(*case, one) - right).max() for one in faults}
        if off[fault] > 0.2 and all(off[one] < 1e-9 for one in faults if one != fault):
            return case

# %% right large-bias-opens
def telling_case(fault, shape, m):
    c = shape[-1]
    x = 1.0 + np.arange(np.prod(shape)).reshape(shape) ** 2 % 5
    w1 = np.full((c, m), 0.1)
    b1 = np.full(m, -9.0 if fault == "no ReLU" else 0.5)
    w2 = np.full((m, c), 0.01 if fault == "no ReLU" else 0.0)
    b2 = np.full(c, {"b2 once": 0.7, "max first": 40.0, "flipped kernel": 40.0}.get(fault, 0.0))
    kernel = np.zeros((7, 7, 2))
    if fault == "gate from x":
        kernel[2:5, 2:5] = -0.1
    if fault == "max first":
        kernel[3, 3] = 3, -3
    if fault == "flipped kernel":
        kernel[3, 3:, :] = -0.1
    return x, w1, b1, w2, b2, kernel

# %% right named-tuple-of-lists, like right one-fault-at-a-time
# -     return x, w1, b1, w2, b2, kernel
# +     from collections import namedtuple
# +
# +     case = namedtuple("Case", "x w1 b1 w2 b2 kernel")
# +     return case(x.tolist(), w1, b1, w2, b2.tolist(), kernel)

# %% wrong not-written: 0, "not written yet"
def telling_case(fault, shape, m):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong all-random: 1, "another one shows as well"
def telling_case(fault, shape, m):
    rng = np.random.default_rng(0)
    C = shape[3]
    sizes = shape, (C, m), (m,), (m, C), (C,), (7, 7, 2)
    return tuple(rng.normal(size=size) / 2 for size in sizes)

# %% wrong weak-test-of-ones: 1, "does not catch it"
def telling_case(fault, shape, m):
    C = shape[3]
    return np.ones(shape), np.ones((C, m)), np.zeros(m), np.ones((m, C)), np.zeros(C), np.zeros((7, 7, 2))

# %% wrong no-return: 0, "none", like right one-fault-at-a-time
# -     return x, w1, b1, w2, b2, kernel
# +     print(x.shape, kernel.shape)

# %% wrong a-list: 0, "a tuple of six arrays", like right one-fault-at-a-time
# -     return x, w1, b1, w2, b2, kernel
# +     return [x, w1, b1, w2, b2, kernel]

# %% wrong the-input-alone: 0, "a tuple of six arrays", like right one-fault-at-a-time
# -     return x, w1, b1, w2, b2, kernel
# +     return x

# %% wrong weights-turned: 0.25, "w1 has shape", like right one-fault-at-a-time
# -     return x, w1, b1, w2, b2, kernel
# +     return x, w1.T, b1, w2.T, b2, kernel

# %% wrong shape-fixed: 0.25, "x has shape", like right one-fault-at-a-time
# -     B, H, W, C = shape
# +     shape = B, H, W, C = 1, 8, 9, 8

# %% wrong bias-of-one-number: 0.25, "b1 has shape", like right one-fault-at-a-time
# -     w1, b1 = np.zeros((C, m)), np.ones(m)
# +     w1, b1 = np.zeros((C, m)), np.ones(1)

# %% wrong kernel-in-every-case: 4, "another one shows as well", like right one-fault-at-a-time
# -     elif fault == "gate from x":
# -         kernel[3, 3] = 0.3
# -     else:
# +     if fault in ("gate from x", "b2 once", "no ReLU"):
# +         kernel[3, 3] = 0.3
# +     else:

# %% wrong slices-of-the-shifted-kernel-differ: 5, "another one shows as well", like right one-fault-at-a-time
# -             kernel[3, 2] = 0.3
# -             kernel[3, 4] = -0.3
# +             kernel[3, 2, 0] = 0.3
# +             kernel[3, 4, 0] = -0.3

# %% wrong gates-half-open: 4, "gate from x", like right one-fault-at-a-time
# -         w2[:] = 50.0
# +         w2[:] = 0.3

# %% wrong hidden-value-just-above-zero: 5, "does not catch it", like right one-fault-at-a-time
# -         b1[:] = -1.0
# +         b1[:] = 0.5

# %% wrong too-weak: 5, "does not catch it", like right one-fault-at-a-time
# -         b2[:] = -1.0
# +         b2[:] = -0.01

# %% wrong symmetric-kernel: 5, "does not catch it", like right one-fault-at-a-time
# -             kernel[3, 4] = -0.3
# +             kernel[3, 4] = 0.3

# %% wrong nan: 0.25, "nan or infinity", like right one-fault-at-a-time
# -     x = rng.uniform(1, 3, size=shape)
# +     x = np.log(rng.uniform(-1, 3, size=shape))

# %% wrong decoy-behind-a-shut-gate: 0.25, "x holds numbers above 1,000"
def telling_case(fault, shape, m):
    C = shape[3]
    rng = np.random.default_rng(1)
    x, w1, b1 = rng.normal(size=shape) * 3, rng.normal(size=(C, m)), rng.normal(size=m) - 1
    w2, b2, kernel = rng.normal(size=(m, C)), rng.normal(size=C) * 1.5, rng.normal(size=(7, 7, 2))
    w1[0], w2[:, 0], b2[0], x[0, 0, 0, 0] = 0, 0, -400, 1e9
    return x, w1, b1, w2, b2, kernel
