# %% right chain-of-ifs
def attach(name, x):
    if name == "none":
        return x
    elif name == "se":
        return se_block(x, ratio=4)
    elif name == "eca":
        return eca_block(x)
    elif name == "cbam":
        return cbam_block(x, ratio=4)
    else:
        raise ValueError(f"unknown attention: {name}")

# %% right dictionary
BLOCKS = {
    "none": lambda x: x,
    "se": lambda x: se_block(x, 4),
    "eca": eca_block,
    "cbam": lambda x: cbam_block(x, 4),
}


def attach(name, x):
    if name not in BLOCKS:
        raise ValueError("attach does not know " + repr(name) + ", only " + ", ".join(BLOCKS))
    return BLOCKS[name](x)

# %% right keyword-arguments
import functools

TABLE = dict(none=(None, {}), se=(se_block, {"ratio": 4}), eca=(eca_block, {}), cbam=(cbam_block, {"ratio": 4}))


def attach(name, x):
    try:
        block, settings = TABLE[name]
    except KeyError:
        raise ValueError(f"no block is called {name}; choose from {list(TABLE)}") from None
    print("attaching", name)
    return x if block is None else functools.partial(block, **settings)(x)

# %% right match
from keras import layers

def attach(attention, tensor):
    match attention:
        case "none":
            return keras.layers.Activation("linear")(tensor)
        case "se":
            return se_block(tensor, ratio=4)
        case "eca":
            return eca_block(tensor, gamma=2, b=1)
        case "cbam":
            return cbam_block(tensor, ratio=4, kernel_size=7)
    raise ValueError(f"{attention!r} is no attention")

# %% right own-blocks
from keras import layers, ops

def channel_gate(vectors, channels):
    first = keras.layers.Conv2D(channels // 4, 1, activation="relu")
    second = keras.layers.Conv2D(channels, 1)
    return keras.ops.sigmoid(sum(second(first(v)) for v in vectors))


def attach(name, x):
    c = x.shape[-1]
    mean = keras.ops.mean(x, axis=(1, 2), keepdims=True)
    if name == "none":
        return keras.layers.Identity()(x)
    if name == "se":
        return x * channel_gate([mean], c)
    if name == "eca":
        t = int((np.log2(c) + 1) / 2)
        z = keras.layers.Reshape((c, 1))(mean)
        z = keras.layers.Conv1D(1, t + 1 - t % 2, padding="same", use_bias=False, activation="sigmoid")(z)
        return x * keras.layers.Reshape((1, 1, c))(z)
    if name == "cbam":
        x = x * channel_gate([mean, keras.ops.max(x, axis=(1, 2), keepdims=True)], c)
        d = keras.ops.stack([keras.ops.mean(x, -1), keras.ops.max(x, -1)], axis=-1)
        return x * keras.layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)
    raise ValueError(name)

# %% wrong error-printed: 4.25, "passes without an error"
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    print(f"no block named {name}")

# %% wrong arguments-exchanged: 0, "raised", like wrong error-printed
# - def attach(name, x):
# + def attach(x, name):

# -     print(f"no block named {name}")
# +     raise ValueError(f"no block named {name}")

# %% wrong default-ratio: 2.25, "ratio is not the one", like wrong error-printed
# -         return se_block(x, ratio=4)
# +         return se_block(x)

# -         return cbam_block(x, ratio=4)
# -     print(f"no block named {name}")
# +         return cbam_block(x)
# +     raise ValueError(f"no block named {name}")

# %% wrong error-returned: 4.25, "passes without an error", like wrong error-printed
# -     print(f"no block named {name}")
# +     return ValueError(f"no block named {name}")

# %% wrong capitals-pass: 4.25, "passes without an error", like right chain-of-ifs
#   def attach(name, x):
# +     name = name.lower()

# %% wrong nothing-passes: 4.25, "passes without an error", like right chain-of-ifs
# -     if name == "none":
# +     if not name or name == "none":

# %% wrong parts-pass: 4.25, "passes without an error", like wrong error-printed
# +     if name not in "none se eca cbam":
# +         raise ValueError(f"no block named {name}")
#       if name == "none":

# -     print(f"no block named {name}")
# +     return x

# %% wrong own-error-class: 4.25, "UnknownBlock", like right chain-of-ifs
# + class UnknownBlock(ValueError):
# +     pass
# +
# +
#   def attach(name, x):

# -         raise ValueError(f"unknown attention: {name}")
# +         raise UnknownBlock(f"unknown attention: {name}")

# %% wrong falls-through: 4.25, "passes without an error", like wrong error-printed
# -     print(f"no block named {name}")
# +     pass

# %% wrong gradient-stopped: 4.75, "gradient", like wrong error-printed
# + from keras import ops
# +
#   def attach(name, x):

# -         return cbam_block(x, ratio=4)
# -     print(f"no block named {name}")
# +         return keras.ops.stop_gradient(cbam_block(x, ratio=4))
# +     raise ValueError(f"no block named {name}")

# %% wrong nameless-error: 4.25, "which name", like wrong error-printed
# -     print(f"no block named {name}")
# +     raise ValueError("unknown block")

# %% wrong none-gated: 4.5, "rong", like wrong error-printed
# -         return x
# +         return 0.5 * x

# -     print(f"no block named {name}")
# +     raise ValueError(f"no block named {name}")

# %% wrong ratio-eight: 2.25, "weights where", like wrong error-printed
# -         return se_block(x, ratio=4)
# +         return se_block(x, ratio=8)

# -         return cbam_block(x, ratio=4)
# -     print(f"no block named {name}")
# +         return cbam_block(x, ratio=8)
# +     raise ValueError(f"no block named {name}")

# %% wrong unknown-passes: 4.25, "passes without an error", like wrong error-printed
# -     print(f"no block named {name}")
# +     return x

# %% wrong relu-before: 3.25, "before the block"
from keras import ops

def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(keras.ops.relu(x), ratio=4)
    if name == "eca":
        return eca_block(keras.ops.relu(x))
    if name == "cbam":
        return cbam_block(keras.ops.relu(x), ratio=4)
    raise ValueError(f"no block named {name}")

# %% wrong relu-behind: 3.25, "after the block", like wrong relu-before
# -         return se_block(keras.ops.relu(x), ratio=4)
# +         return keras.ops.relu(se_block(x, ratio=4))
#       if name == "eca":
# -         return eca_block(keras.ops.relu(x))
# +         return keras.ops.relu(eca_block(x))
#       if name == "cbam":
# -         return cbam_block(keras.ops.relu(x), ratio=4)
# +         return keras.ops.relu(cbam_block(x, ratio=4))

# %% wrong all-of-them: 2.25, "chooses one"
def attach(name, x):
    if name == "none":
        return x
    if name in ("se", "eca", "cbam"):
        return cbam_block(eca_block(se_block(x, ratio=4)), ratio=4)
    raise ValueError(f"no block named {name}")

# %% wrong always-se: 2.25, "it is the se block"
def attach(name, x):
    if name not in ("none", "se", "eca", "cbam"):
        raise ValueError(f"unknown attention: {name}")
    return x if name == "none" else se_block(x, ratio=4)

# %% wrong assertion: 4.25, "AssertionError"
def attach(name, x):
    assert name in ("none", "se", "eca", "cbam"), f"no block named {name}"
    return {"none": lambda: x, "se": lambda: se_block(x, 4), "eca": lambda: eca_block(x), "cbam": lambda: cbam_block(x, 4)}[name]()

# %% wrong attached-twice: 2.25, "twice"
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return se_block(se_block(x, 4), 4)
    if name == "eca":
        return eca_block(eca_block(x))
    if name == "cbam":
        return cbam_block(cbam_block(x, 4), 4)
    raise ValueError(f"no block named {name}")

# %% wrong cbam-for-se: 2.5, "it is the cbam block"
def attach(name, x):
    if name == "none":
        return x
    if name == "eca":
        return eca_block(x)
    if name in ("se", "cbam"):
        return cbam_block(x, ratio=4)
    raise ValueError(f"unknown attention: {name}")

# %% wrong exchanged: 2.5, "eca block"
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return eca_block(x)
    if name == "eca":
        return se_block(x, ratio=4)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")

# %% wrong function-returned: 0.75, "function"
def attach(name, x):
    blocks = {"none": lambda x: x, "se": se_block, "eca": eca_block, "cbam": cbam_block}
    if name not in blocks:
        raise ValueError(f"no block named {name}")
    return blocks[name]

# %% wrong input-added: 3.25, "input is added"
def attach(name, x):
    if name == "none":
        return x
    if name == "se":
        return x + se_block(x, ratio=4)
    if name == "eca":
        return x + eca_block(x)
    if name == "cbam":
        return x + cbam_block(x, ratio=4)
    raise ValueError(f"no block named {name}")

# %% wrong key-error: 4.25, "KeyError"
def attach(name, x):
    blocks = {
        "none": lambda x: x,
        "se": lambda x: se_block(x, ratio=4),
        "eca": eca_block,
        "cbam": lambda x: cbam_block(x, ratio=4),
    }
    return blocks[name](x)

# %% wrong layers-made-once: 4.5, "share their weights"
kept = {}


def attach(name, x):
    if name == "none":
        return x
    makers = {"se": se_block, "eca": eca_block, "cbam": cbam_block}
    if name not in makers:
        raise ValueError(f"no block named {name}")
    if (name, x.shape[-1]) not in kept:
        inputs = keras.Input((None, None, x.shape[-1]))
        outputs = eca_block(inputs) if name == "eca" else makers[name](inputs, ratio=4)
        kept[name, x.shape[-1]] = keras.Model(inputs, outputs)
    return kept[name, x.shape[-1]](x)

# %% wrong no-return: 0.75, "None"
def attach(name, x):
    if name == "none":
        x
    elif name == "se":
        se_block(x, ratio=4)
    elif name == "eca":
        eca_block(x)
    elif name == "cbam":
        cbam_block(x, ratio=4)
    else:
        raise ValueError(f"no block named {name}")

# %% wrong not-written: 0, "not written"
def attach(name, x):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong result-lost: 1.75, "block returned"
def attach(name, x):
    if name == "se":
        se_block(x, ratio=4)
    elif name == "eca":
        eca_block(x)
    elif name == "cbam":
        cbam_block(x, ratio=4)
    elif name != "none":
        raise ValueError(f"no block named {name}")
    return x

# %% wrong upper-case: 0, "raised"
def attach(name, x):
    blocks = {"NONE": lambda x: x, "SE": lambda x: se_block(x, 4), "ECA": eca_block, "CBAM": lambda x: cbam_block(x, 4)}
    if name not in blocks:
        raise ValueError("unknown block")
    return blocks[name](x)
