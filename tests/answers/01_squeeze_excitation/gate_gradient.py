# %% right sum
def gate_gradient(x, dy):
    return np.sum(x * dy, axis=(1, 2))

# %% right einsum
def gate_gradient(x, dy):
    return np.einsum("bhwc,bhwc->bc", x, dy)

# %% right float32-flat
def gate_gradient(x, dy):
    flat = [np.asarray(it, "float32").reshape(len(it), -1, it.shape[-1]) for it in (x, dy)]
    return (flat[0] * flat[1]).sum(axis=1)

# %% right loops
def gate_gradient(x, dy):
    B, H, W, C = x.shape
    slope = np.zeros((B, C))
    for b, h, w, c in np.ndindex(B, H, W, C):
        slope[b, c] += x[b, h, w, c] * dy[b, h, w, c]
    return slope

# %% right means-times-positions
def gate_gradient(x, dy):
    positions = x.shape[1] * x.shape[2]
    return np.mean(np.mean(x * dy, axis=1), axis=1) * positions

# %% right numerical
def gate_gradient(x, dy):
    # a loss whose gradient by y is dy everywhere
    def loss(gate):
        return np.sum(gate[:, None, None, :] * x * dy)

    slope = np.zeros((x.shape[0], x.shape[3]))
    for place in np.ndindex(slope.shape):
        step = np.zeros_like(slope)
        step[place] = 1
        slope[place] = (loss(step) - loss(-step)) / 2
    return slope

# %% right tape
def gate_gradient(x, dy):
    gate = tf.Variable(tf.ones((x.shape[0], 1, 1, x.shape[3]), tf.float64))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(gate * x * dy)
    return tf.reshape(tape.gradient(loss, gate), (x.shape[0], x.shape[3]))

# %% wrong absolute: 1, "pull the other way"
def gate_gradient(x, dy):
    return np.abs(x * dy).sum(axis=(1, 2))

# %% wrong changes-x: 3.75, "changes"
def gate_gradient(x, dy):
    x *= dy
    return x.sum(axis=(1, 2))

# %% wrong dy-alone: 1, "dL/dy alone"
def gate_gradient(x, dy):
    return dy.sum(axis=(1, 2))

# %% wrong dy-itself: 0.5, "gradient of x"
def gate_gradient(x, dy):
    return dy.copy()

# %% wrong first-image: 0.5, "first image"
def gate_gradient(x, dy):
    return np.sum(x[0] * dy[0], axis=(0, 1))

# %% wrong images-too: 0.5, "over the images"
def gate_gradient(x, dy):
    return np.sum(x * dy, axis=(0, 1, 2))

# %% wrong images-too-and-repeated: 2, "over the images"
def gate_gradient(x, dy):
    total = np.sum(x * dy, axis=(0, 1, 2))
    return np.tile(total, (len(x), 1))

# %% wrong keepdims: 0.5, "axes of size 1"
def gate_gradient(x, dy):
    return np.sum(x * dy, axis=(1, 2), keepdims=True)

# %% wrong mean: 1, "averages over the positions"
def gate_gradient(x, dy):
    return np.mean(x * dy, axis=(1, 2))

# %% wrong mean-times-sum: 1, "mean by a sum"
def gate_gradient(x, dy):
    return x.mean(axis=(1, 2)) * dy.sum(axis=(1, 2))

# %% wrong product-of-means: 1, "multiplies the means"
def gate_gradient(x, dy):
    return x.mean(axis=(1, 2)) * dy.mean(axis=(1, 2))

# %% wrong not-written: 0, "not written"
def gate_gradient(x, dy):
    raise NotImplementedError

# %% wrong nothing-added: 0.5, "Nothing is added up"
def gate_gradient(x, dy):
    return x * dy

# %% wrong over-channels: 0.5, "over the channels"
def gate_gradient(x, dy):
    return np.sum(x * dy, axis=3)

# %% wrong prints: 0, "return"
def gate_gradient(x, dy):
    print(np.sum(x * dy, axis=(1, 2)))

# %% wrong product-of-sums: 1, "multiplies the sums"
def gate_gradient(x, dy):
    return x.sum(axis=(1, 2)) * dy.sum(axis=(1, 2))

# %% wrong squeezed: 0.5, "squeezed away"
def gate_gradient(x, dy):
    return np.squeeze(np.sum(x * dy, axis=(1, 2), keepdims=True))

# %% wrong turned: 1, "uphill"
def gate_gradient(x, dy):
    return -np.sum(x * dy, axis=(1, 2))

# %% wrong x-alone: 1, "x alone"
def gate_gradient(x, dy):
    return x.sum(axis=(1, 2))
