# %% right batch-moved
def apply_channel_gate(x, gate):
    # with the batch next to the channels the bare product is right
    moved = np.moveaxis(x, 0, 2)
    return np.moveaxis(moved * gate, 2, 0)

# %% right diagonal-matrices
import warnings


def apply_channel_gate(x, gate):
    warnings.warn("slow", RuntimeWarning)
    out = [image @ np.diag(g) for image, g in zip(x, gate)]
    print(len(out), "images done")
    return np.array(out)

# %% right einsum
def apply_channel_gate(x, gate):
    return np.einsum("bhwc,bc->bhwc", x, gate)

# %% right expand-dims
def apply_channel_gate(x, gate):
    return np.multiply(np.expand_dims(gate, axis=(1, 2)), x)

# %% right keras-multiply
def apply_channel_gate(x, gate):
    return keras.layers.Multiply()([x, gate])

# %% right new-axes
def apply_channel_gate(x, gate):
    stretched = gate[:, None, None, :]
    return x * stretched

# %% right repeated
def apply_channel_gate(x, gate):
    B, H, W, C = x.shape
    full = np.repeat(gate, H * W, axis=0).reshape(B, H, W, C)
    return full * x

# %% right reshape
def apply_channel_gate(x, gate):
    B, C = gate.shape
    return x * gate.reshape(B, 1, 1, C)

# %% right two-loops
def apply_channel_gate(x, gate):
    result = x.copy()
    for b in range(x.shape[0]):
        for c in range(x.shape[3]):
            result[b, :, :, c] *= gate[b, c]
    return result

# %% wrong first-image-gated: 1, "first image"
def apply_channel_gate(x, gate):
    result = x.copy()
    result[0] = x[0] * gate[0]
    return result

# %% wrong three-channels: 1, "values are wrong", like wrong first-image-gated
# -     result[0] = x[0] * gate[0]
# +     for c in range(3):
# +         result[..., c] = x[..., c] * gate[:, c, None, None]

# %% wrong added: 1, "multiplies"
def apply_channel_gate(x, gate):
    return x + gate[:, None, None, :]

# %% wrong averaged-gates: 1, "averaged"
def apply_channel_gate(x, gate):
    return x * gate.mean(axis=0)

# %% wrong axes-at-the-end: 0, "meet the height"
def apply_channel_gate(x, gate):
    return x * gate[:, :, None, None]

# %% wrong bare-product: 0, "bare"
def apply_channel_gate(x, gate):
    return x * gate

# %% wrong divides: 1, "divides"
def apply_channel_gate(x, gate):
    return x / gate[:, None, None, :]

# %% wrong first-gate: 1, "first image"
def apply_channel_gate(x, gate):
    return x * gate[0]

# %% wrong gate-scaled-in-place: 0.75, "changes"
def apply_channel_gate(x, gate):
    # open the widest gate fully
    gate /= gate.max(axis=1, keepdims=True)
    return x * gate[:, None, None, :]

# %% wrong gate-stretched: 1, "gate itself"
def apply_channel_gate(x, gate):
    return np.zeros_like(x) + gate[:, None, None, :]

# %% wrong gate-with-axes: 0.5, "shape"
def apply_channel_gate(x, gate):
    return gate[:, None, None, :]

# %% wrong hard-gate: 1, "values are wrong"
def apply_channel_gate(x, gate):
    return x * (gate > 0.5)[:, None, None, :]

# %% wrong in-place: 2.75, "changes"
def apply_channel_gate(x, gate):
    x *= gate[:, None, None, :]
    return x

# %% wrong input-added: 1, "input is added"
def apply_channel_gate(x, gate):
    return x + x * gate[:, None, None, :]

# %% wrong list: 2.75, "type list"
def apply_channel_gate(x, gate):
    return (x * gate[:, None, None, :]).tolist()

# %% wrong map-untouched: 1, "values are wrong"
def apply_channel_gate(x, gate):
    x * gate[:, None, None, :]
    return x

# %% wrong no-return: 0, "return"
def apply_channel_gate(x, gate):
    result = x * gate[:, None, None, :]

# %% wrong not-written: 0, "not written"
def apply_channel_gate(x, gate):
    raise NotImplementedError

# %% wrong one-axis: 0, "along the height"
def apply_channel_gate(x, gate):
    return x * gate[:, None, :]

# %% wrong pooled-again: 0.5, "shape"
def apply_channel_gate(x, gate):
    return x.mean(axis=(1, 2)) * gate

# %% wrong second-sigmoid: 1, "sigmoid"
def apply_channel_gate(x, gate):
    gate = 1 / (1 + np.exp(-gate))
    return x * gate[:, np.newaxis, np.newaxis]
