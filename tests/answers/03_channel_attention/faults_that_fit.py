# %% shared
def mlp(v, w1, b1, w2, b2):
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


def sigmoid(t):
    return 1 / (1 + np.exp(-t))

# %% right list-of-gates, after shared
def faults_that_fit(x, y, w1, b1, w2, b2):
    w = w1, b1, w2, b2
    a, m = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    right = sigmoid(mlp(a, *w) + mlp(m, *w))
    once = sigmoid(mlp(a, *w) + mlp(m, *w) - b2)
    halved = (sigmoid(mlp(a, *w)) + sigmoid(mlp(m, *w))) / 2
    joined = sigmoid(2 * mlp((a + m) / 2, *w))
    size = sigmoid(mlp(a, *w) + mlp(np.abs(x).max(axis=(1, 2)), *w))
    fits = [np.allclose(x * g[:, None, None, :], y, atol=1e-6) for g in (right, once, halved, joined, size)]
    try:
        fits.append(np.allclose(x * right, y, atol=1e-6))
    except ValueError:
        fits.append(False)
    return np.array(fits)

# %% right shapes-asked-first, after shared
def faults_that_fit(x, y, w1, b1, w2, b2):
    B, H, W, C = x.shape
    a, m, s = x.mean((1, 2)), x.max((1, 2)), np.maximum(x.max((1, 2)), -x.min((1, 2)))
    la, lm, ls, lj = (mlp(v, w1, b1, w2, b2) for v in (a, m, s, (a + m) / 2))
    hidden = np.maximum(a @ w1 + b1, 0) + np.maximum(m @ w1 + b1, 0)
    gates = [sigmoid(la + lm), sigmoid(hidden @ w2 + b2), 0.5 * sigmoid(la) + 0.5 * sigmoid(lm),
             sigmoid(2 * lj), sigmoid(la + ls)]
    out = np.zeros(6)
    for i, gate in enumerate(gates):
        out[i] = np.abs(np.einsum("bhwc,bc->bhwc", x, gate) - y).max() < 1e-4
    if B in (1, W):
        out[5] = np.abs(x * gates[0] - y).max() < 1e-4
    print(out)
    return out

# %% right functions, after shared
def bare(x, gate):
    return x * gate if len(x) in (1, x.shape[2]) else np.full(x.shape, np.nan)


def with_axes(x, gate):
    return x * gate[:, None, None, :]


def faults_that_fit(x, y, *w):
    def both(first, second):
        return mlp(first, *w) + mlp(second, *w)

    mean, largest = np.mean(x, axis=(1, 2)), np.amax(x, axis=(1, 2))
    *_, b2 = w
    explanations = (
        lambda: with_axes(x, sigmoid(both(mean, largest))),
        lambda: with_axes(x, sigmoid(both(mean, largest) - b2)),
        lambda: with_axes(x, np.mean([sigmoid(mlp(v, *w)) for v in (mean, largest)], axis=0)),
        lambda: with_axes(x, sigmoid(both((mean + largest) / 2, (mean + largest) / 2))),
        lambda: with_axes(x, sigmoid(both(mean, np.abs(x).max(axis=(1, 2))))),
        lambda: bare(x, sigmoid(both(mean, largest))),
    )
    return np.array([np.isclose(explain(), y, rtol=1e-4, atol=1e-6).all() for explain in explanations])

# %% wrong first-only: 3.25, "Only the first explanation", like right list-of-gates
# -     return np.array(fits)
# +     fits = np.array(fits)
# +     fits[np.argmax(fits) + 1:] = False
# +     return fits

# %% wrong only-if-alone: 3.25, "none is marked", like right list-of-gates
# -     return np.array(fits)
# +     return np.array(fits) & (sum(fits) == 1)

# %% wrong exactly-equal: 0.75, "Exact equality", like right shapes-asked-first
# -         out[i] = np.abs(np.einsum("bhwc,bc->bhwc", x, gate) - y).max() < 1e-4
# +         out[i] = np.array_equal(np.einsum("bhwc,bc->bhwc", x, gate), y)

# -         out[5] = np.abs(x * gates[0] - y).max() < 1e-4
# +         out[5] = np.array_equal(x * gates[0], y)

# %% wrong inverted: 0.75, "inverted", like right shapes-asked-first
# -     return out
# +     return 1 - out

# %% wrong first-image: 3.25, "one of the images", like right list-of-gates
# -     fits = [np.allclose(x * g[:, None, None, :], y, atol=1e-6) for g in (right, once, halved, joined, size)]
# +     fits = [np.allclose(x[0] * g[0], y[0], atol=1e-6) for g in (right, once, halved, joined, size)]

# -         fits.append(np.allclose(x * right, y, atol=1e-6))
# +         fits.append(np.allclose((x * right)[0], y[0], atol=1e-6))

# %% wrong any-number: 0.75, "all of them have to", like right functions
# -     return np.array([np.isclose(explain(), y, rtol=1e-4, atol=1e-6).all() for explain in explanations])
# +     return np.array([np.isclose(explain(), y, rtol=1e-4, atol=1e-5).any() for explain in explanations])

# %% wrong cannot-counts: 0.75, "cannot be computed", like right list-of-gates
# -         fits.append(False)
# +         fits.append(True)

# %% wrong bare-never: 0.75, "bare product is missed", like right shapes-asked-first
# -     if B in (1, W):
# +     if False:

# %% wrong bare-raises: 0, "raised", like right list-of-gates
# -     try:
# -         fits.append(np.allclose(x * right, y, atol=1e-6))
# -     except ValueError:
# -         fits.append(False)
# +     fits.append(np.allclose(x * right, y, atol=1e-6))

# %% wrong bare-for-equal-sides-only: 3.25, "bare product is missed", like right shapes-asked-first
# -     if B in (1, W):
# +     if B == W:

# %% wrong b2-left-out: 0.75, "b2 is added once", like right list-of-gates
# -     once = sigmoid(mlp(a, *w) + mlp(m, *w) - b2)
# +     once = sigmoid(mlp(a, *w) + mlp(m, *w) - 2 * b2)

# %% wrong gates-added: 0.75, "mean of two gates", like right list-of-gates
# -     halved = (sigmoid(mlp(a, *w)) + sigmoid(mlp(m, *w))) / 2
# +     halved = sigmoid(mlp(a, *w)) + sigmoid(mlp(m, *w))

# %% wrong average-once: 0.75, "averaged pools counts twice", like right list-of-gates
# -     joined = sigmoid(2 * mlp((a + m) / 2, *w))
# +     joined = sigmoid(mlp((a + m) / 2, *w))

# %% wrong absolute-of-max: 0.75, "absolute value of the maximum", like right list-of-gates
# -     size = sigmoid(mlp(a, *w) + mlp(np.abs(x).max(axis=(1, 2)), *w))
# +     size = sigmoid(mlp(a, *w) + mlp(np.abs(m), *w))

# %% wrong other-order: 0.75, "order", like right list-of-gates
# -     return np.array(fits)
# +     return np.array(fits[::-1])

# %% wrong number-of-the-fault: 0.5, "shape", like right list-of-gates
# -     return np.array(fits)
# +     return np.array(np.argmax(fits))

# %% wrong list: 5.75, "type list", like right list-of-gates
# -     return np.array(fits)
# +     return fits

# %% wrong loose: 0.75, "is marked otherwise", like right shapes-asked-first
# -         out[i] = np.abs(np.einsum("bhwc,bc->bhwc", x, gate) - y).max() < 1e-4
# +         out[i] = np.abs(np.einsum("bhwc,bc->bhwc", x, gate) - y).mean() < 0.1

# %% wrong in-place: 5.75, "changes what it was given", like right list-of-gates
# -     try:
# +     y -= x * right[:, None, None, :]
# +     y += x * right[:, None, None, :]
# +     y += 1e-9
# +     try:

# %% wrong no-return: 0, "return", like right shapes-asked-first
# -     return out

# %% wrong not-written: 0, "not written"
def faults_that_fit(x, y, w1, b1, w2, b2):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong gates-compared-with-the-map: 0.75, "no block is found", like right shapes-asked-first
# -         out[i] = np.abs(np.einsum("bhwc,bc->bhwc", x, gate) - y).max() < 1e-4
# +         out[i] = np.allclose(gate[:, None, None, :], y, atol=1e-4)

# -         out[5] = np.abs(x * gates[0] - y).max() < 1e-4
# +         out[5] = np.allclose(gates[0], y, atol=1e-4)

# %% wrong absolute-values-alone: 0.75, "absolute values come before", like right shapes-asked-first
# -              sigmoid(2 * lj), sigmoid(la + ls)]
# +              sigmoid(2 * lj), sigmoid(ls)]
