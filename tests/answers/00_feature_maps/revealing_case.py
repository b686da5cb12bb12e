# %% right cube
def revealing_case(channels):
    x = np.ones((3, 3, 3, channels))
    gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)
    return x, gate

# %% right counted-up
def revealing_case(channels):
    n = 4  # as many images as rows and as columns
    x = np.arange(1.0, 1 + n * n * n * channels).reshape(n, n, n, channels)
    gate = np.empty((n, channels))
    for b in range(n):
        gate[b] = b / n
    return x, gate

# %% right float32-drawn
def revealing_case(channels):
    random = np.random.default_rng()
    x = random.uniform(1, 2, size=(5, 5, 5, channels)).astype("float32")
    gate = np.stack([np.full(channels, value) for value in (0, 0.2, 0.5, 0.7, 1)])
    return x, gate

# %% right open-and-shut
def revealing_case(channels):
    return np.ones((2, 2, 2, channels), dtype=int), np.array([[1] * channels, [0] * channels])

# %% right tensors
def revealing_case(channels):
    print("case for", channels)
    shut, opened = tf.zeros((1, channels)), tf.ones((1, channels))
    return tf.fill((2, 2, 2, channels), -3.0), tf.concat([shut, opened], axis=0)

# %% wrong batch-is-height: 2.5, "The bare product stops with an error", like right cube
# -     x = np.ones((3, 3, 3, channels))
# +     x = np.ones((3, 3, 2, channels))

# %% wrong batch-is-width: 2.25, "one new axis stops with an error", like right cube
# -     x = np.ones((3, 3, 3, channels))
# +     x = np.ones((3, 2, 3, channels))

# %% wrong as-many-of-each-as-channels: 0.25, "B x H x W is", like right counted-up
# -     n = 4  # as many images as rows and as columns
# +     n = min(channels, 12)  # else the map is too large for the judge to read

# %% wrong eleven-of-each: 0.25, "B x H x W is", like right counted-up
# -     n = 4  # as many images as rows and as columns
# +     n = 11

# %% wrong channels-written-down: 0.25, "channels the map has shape"
def revealing_case(channels):
    return np.ones((3, 3, 3, 10)), np.linspace(0, 1, 30).reshape(3, 10)

# %% wrong close-gates: 0.75, "a tenth", like right cube
# -     gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)
# +     gate = 0.5 + 0.01 * np.arange(3)[:, None] * np.ones(channels)

# %% wrong empty-image: 0.75, "not in every image", like right cube
# -     gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)
# +     x[2] = 0
# +     gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)

# %% wrong empty-map: 0.75, "is right for this map", like right cube
# -     x = np.ones((3, 3, 3, channels))
# +     x = np.zeros((3, 3, 3, channels))

# %% wrong equal-gates: 0.75, "is right for this map", like right cube
# -     gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)
# +     gate = np.repeat(np.linspace(0.05, 0.95, channels)[None], 3, axis=0)

# %% wrong gate-and-map: 0.25, "the map has shape", like right cube
# -     return x, gate
# +     return gate, x

# %% wrong gate-above-one: 0.25, "between 0 and 1", like right cube
# -     gate = np.linspace(0.05, 0.95, 3 * channels).reshape(3, channels)
# +     gate = np.arange(3.0 * channels).reshape(3, channels)

# %% wrong gate-with-its-axes: 0.25, "The gate has shape", like right cube
# -     return x, gate
# +     return x, gate[:, None, None, :]

# %% wrong list: 0, "type list", like right cube
# -     return x, gate
# +     return [x, gate]

# %% wrong lists-of-lists: 3.75, "type list", like right cube
# -     return x, gate
# +     return x.tolist(), gate.tolist()

# %% wrong map-alone: 0, "two arrays", like right cube
# -     return x, gate
# +     return x

# %% wrong names: 0, "no array of real numbers", like right cube
# -     return x, gate
# +     return "x", "gate"

# %% wrong not-a-number: 0.25, "finite", like right cube
# -     return x, gate
# +     x[0, 0, 0, 0] = np.nan
# +     return x, gate

# %% wrong not-written: 0, "not written"
def revealing_case(channels):
    raise NotImplementedError

# %% wrong one-column: 2.5, "that of the map", like right cube
# -     x = np.ones((3, 3, 3, channels))
# +     x = np.ones((3, 3, 1, channels))

# %% wrong one-image: 0.75, "single image"
def revealing_case(channels):
    return np.ones((1, 3, 3, channels)), np.linspace(0, 1, channels)[None]

# %% wrong prints: 0, "return"
def revealing_case(channels):
    print(np.ones((3, 3, 3, channels)))

# %% wrong sizes-that-differ: 0.75, "stops with an error"
def revealing_case(channels):
    return np.ones((2, 3, 4, channels)), np.linspace(0, 1, 2 * channels).reshape(2, channels)

# %% wrong three-things: 0, "two: the map", like right cube
# -     return x, gate
# +     return x, gate, x * gate
