# %% right expand-dims
def apply_spatial_gate(x, gate):
    gate = np.expand_dims(gate, -1)
    return x * gate

# %% right channels-moved-first
def apply_spatial_gate(x, gate):
    sheets = np.moveaxis(x, -1, 0)
    return np.moveaxis(sheets * gate, 0, -1)

# %% right einsum
def apply_spatial_gate(x, gate):
    return np.einsum("bhw,bhwc->bhwc", gate, x)

# %% right flat
def apply_spatial_gate(x, gate):
    rows = x.reshape(-1, x.shape[-1])
    return (rows.T * gate.ravel()).T.reshape(x.shape)

# %% right last-axis
def apply_spatial_gate(x, gate):
    return x * gate[..., None]

# %% right loops
def apply_spatial_gate(x, gate):
    out = np.zeros(x.shape)
    for b in range(x.shape[0]):
        for h in range(x.shape[1]):
            for w in range(x.shape[2]):
                out[b, h, w, :] = x[b, h, w, :] * gate[b, h, w]
    return out

# %% right stacked-copies
def apply_spatial_gate(x, gate):
    return np.stack([gate] * x.shape[-1], axis=-1) * x

# %% right tensorflow-with-prints
import sys


def apply_spatial_gate(x, gate):
    sys.stderr.write("shape of the gate: %s\n" % (gate.shape,))
    print("<b>done</b>")
    return tf.multiply(x, gate[:, :, :, tf.newaxis])

# %% wrong bare-product: 0, "bare", like right expand-dims
# -     gate = np.expand_dims(gate, -1)

# %% wrong added: 1, "multiplies"
def apply_spatial_gate(x, gate):
    return x + gate[..., None]

# %% wrong channels-first-result: 0.5, "shape"
def apply_spatial_gate(x, gate):
    return x.transpose(0, 3, 1, 2) * gate[:, None]

# %% wrong divides: 1, "divides"
def apply_spatial_gate(x, gate):
    return x / gate[..., None]

# %% wrong first-channel-alone: 1, "values are wrong"
def apply_spatial_gate(x, gate):
    result = np.copy(x)
    result[..., 0] *= gate
    return result

# %% wrong first-gate: 1, "first image"
def apply_spatial_gate(x, gate):
    return x * gate[0, :, :, None]

# %% wrong float16: 1, "float16"
def apply_spatial_gate(x, gate):
    return x.astype(np.float16) * gate[..., None].astype(np.float16)

# %% wrong gate-stretched: 1, "gate itself"
def apply_spatial_gate(x, gate):
    return np.broadcast_to(gate[..., None], x.shape)

# %% wrong height-and-width-exchanged: 0, "Height and width"
def apply_spatial_gate(x, gate):
    return x * gate.swapaxes(1, 2)[..., None]

# %% wrong in-place: 2.75, "changes"
def apply_spatial_gate(x, gate):
    np.multiply(x, gate[..., None], out=x)
    return x

# %% wrong input-added: 1, "input is added"
def apply_spatial_gate(x, gate):
    return x * gate[..., None] + x

# %% wrong keras-multiply: 0, "along width and channels"
def apply_spatial_gate(x, gate):
    return keras.layers.Multiply()([x, gate])

# %% wrong mean-gate: 1, "values are wrong"
def apply_spatial_gate(x, gate):
    return x * gate.mean(axis=(1, 2))[:, None, None, None]

# %% wrong new-axis-second: 0, "along width and channels"
def apply_spatial_gate(x, gate):
    return x * gate[:, None]

# %% wrong not-written: 0, "not written"
def apply_spatial_gate(x, gate):
    raise NotImplementedError

# %% wrong prints: 0, "print"
def apply_spatial_gate(x, gate):
    print(x * gate[..., None])

# %% wrong returns-in-loop: 1, "first image"
def apply_spatial_gate(x, gate):
    out = np.zeros_like(x)
    for b in range(len(x)):
        out[b] = x[b] * gate[b][..., None]
        return out

# %% wrong rounded: 1, "rounding"
def apply_spatial_gate(x, gate):
    return np.round(x * gate[..., None], 2)

# %% wrong second-sigmoid: 1, "sigmoid"
def apply_spatial_gate(x, gate):
    return x * (1 / (1 + np.exp(-gate)))[..., None]

# %% wrong sizes-written-down: 0, "raised ValueError"
def apply_spatial_gate(x, gate):
    return x * gate.reshape(2, 3, 4, 1)

# %% wrong summed-over-channels: 0.5, "shape"
def apply_spatial_gate(x, gate):
    return np.einsum("bhwc,bhw->bhw", x, gate)
