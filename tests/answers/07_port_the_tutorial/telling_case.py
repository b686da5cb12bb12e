# %% right drawn-then-pushed
import numpy as np

def telling_case(channels, units):
    rng = np.random.default_rng(3)
    x = 3 * rng.normal(size=(2, channels, 4, channels))
    f = 3 * rng.normal(size=(2, channels, 4, channels))
    f[:, 0] = -1 - np.abs(f[:, 0])
    f[1, 0] -= 6
    x[0, 1, 2, 1] = f[0, 1, 2, 1] = 20
    w1 = rng.normal(size=(channels, units)) / (20 * channels)
    w1[0] = 1
    b1 = np.full(units, 4.0)
    w2 = rng.uniform(0.5, 1, size=(units, channels)) / units
    b2 = rng.normal(size=channels)
    return x, f, w1, b1, w2, b2

# %% right by-hand
import numpy as np

def telling_case(channels, units):
    shape = (2, channels, 2, channels)
    ramp = np.arange(2 * channels * 2 * channels).reshape(shape) % 7 - 3.0
    x, f = ramp + 5, -ramp
    f[0, 0], f[1, 0] = [-1.0], [-5.0]
    f[0, 0, 0, 0] = -2
    w1, w2 = np.zeros((channels, units)), np.zeros((units, channels))
    w1[0, 0], w2[0] = 1, np.where(np.arange(channels) % 2, 1, -1)
    b1 = np.zeros(units)
    b1[0] = 2
    return x, f, w1, b1, w2, np.ones(channels)

# %% right searched
import numpy as np

def telling_case(channels, units):
    """Draw with a shift for each channel until the ports that the notebook gives are all found out."""
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        shifts = rng.normal(size=(2, channels, 1, 1)) * 3
        x = rng.normal(size=(2, channels, 2, channels)) + 3
        f = rng.normal(size=(2, channels, 2, channels)) + shifts
        weights = rng.normal(size=(channels, units)), rng.normal(size=units)
        weights += rng.normal(size=(units, channels)), rng.normal(size=channels)
        right = right_sum(x, f, *weights)
        if all(np.abs(port(x, f, *weights) - right).max() > 0.05 for port in PORTS.values()):
            return x, f, *weights

# %% wrong branch-shut: 1.5, "branch is zero", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, 0 * f, w1, b1, w2, b2

# %% wrong shortcut-shut: 4.5, "shortcut is zero", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return 0 * x, f, w1, b1, w2, b2

# %% wrong branch-is-the-shortcut: 4.5, "are the same", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return f, f, w1, b1, w2, b2

# %% wrong all-sizes-differ: 4.5, "another length", like right drawn-then-pushed
# -     x = 3 * rng.normal(size=(2, channels, 4, channels))
# -     f = 3 * rng.normal(size=(2, channels, 4, channels))
# +     x = 3 * rng.normal(size=(2, channels, 4, channels + 1))
# +     f = 3 * rng.normal(size=(2, channels, 4, channels + 1))

# %% wrong one-image: 4.5, "one image only", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x[:1], f[:1], w1, 1.5 + 0 * b1, w2, b2

# %% wrong hidden-all-awake: 4.5, "no hidden value is below zero", like right drawn-then-pushed
# -     b1 = np.full(units, 4.0)
# +     b1 = np.full(units, 3.0)
# +     w1 /= 4

# %% wrong no-last-bias: 4.5, "last bias is zero", like right drawn-then-pushed
# -     b2 = rng.normal(size=channels)
# +     b2 = np.zeros(channels)

# %% wrong each-channel-above-zero-somewhere: 4.5, "above zero somewhere", like right drawn-then-pushed
# -     f[:, 0] = -1 - np.abs(f[:, 0])
# +     f[:, 0] = -1 - np.abs(f[:, 0])
# +     f[:, 0, 3, 0] = 7

# %% wrong no-great-sum: 4.5, "no sum is above six", like right drawn-then-pushed
# -     x[0, 1, 2, 1] = f[0, 1, 2, 1] = 20
# +     x = np.minimum(x - 3, -np.abs(f) + 5)

# %% wrong gates-as-good-as-open: 1.5, "less than one hundredth", like right drawn-then-pushed
# -     b2 = rng.normal(size=channels)
# +     b2 = np.full(channels, 50.0)

# %% wrong plain-random: 3.5, "Port D passes"
import numpy as np

def telling_case(channels, units):
    rng = np.random.default_rng(1)
    x, f = rng.normal(size=(2, 2, channels, 3, channels + 2))
    w1, w2 = rng.normal(size=(channels, units)), rng.normal(size=(units, channels))
    return x, f, w1, rng.normal(size=units), w2, rng.normal(size=channels)

# %% wrong nothing-but-zeros: 0.5, "Port A passes"
import numpy as np

def telling_case(channels, units):
    x = np.zeros((2, channels, 3, channels))
    w1, w2 = np.zeros((channels, units)), np.zeros((units, channels))
    return x, x, w1, np.zeros(units), w2, np.zeros(channels)

# %% wrong channels-last: 0.25, "is expected", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return np.moveaxis(x, 2, 1), np.moveaxis(f, 2, 1), w1, b1, w2, b2

# %% wrong always-eight-channels: 0.25, "Asked for", like right drawn-then-pushed
# -     rng = np.random.default_rng(3)
# +     rng, channels, units = np.random.default_rng(3), 8, 2

# %% wrong first-weights-turned: 0.25, "w1 has shape", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, f, w1.T, b1, w2.T, b2

# %% wrong shapes-differ: 0.25, "different shapes", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x[:, :, :1], f, w1, b1, w2, b2

# %% wrong infinite: 0.25, "infinity", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     x[0, 0, 0, 0] = np.inf
# +     return x, f, w1, b1, w2, b2

# %% wrong enormous: 0.25, "a test case is small", like right drawn-then-pushed
# -     x = 3 * rng.normal(size=(2, channels, 4, channels))
# -     f = 3 * rng.normal(size=(2, channels, 4, channels))
# +     rows = 150_000 // channels**2
# +     x = 3 * rng.normal(size=(2, channels, rows, channels))
# +     f = 3 * rng.normal(size=(2, channels, rows, channels))

# %% wrong the-map-alone: 0, "tuple of six arrays", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x

# %% wrong a-list: 0, "tuple of six arrays", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return [x, f, w1, b1, w2, b2]

# %% wrong weights-forgotten: 0, "six arrays are expected", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, f

# %% wrong weights-in-a-tuple: 0, "six arrays are expected", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, f, (w1, b1, w2, b2)

# %% wrong a-list-for-the-bias: 0, "array of numbers", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, f, w1, b1.tolist(), w2, b2

# %% wrong names-instead-of-numbers: 0, "array of numbers", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2
# +     return x, f, w1, b1, w2, "b2"

# %% wrong no-return: 0, "None", like right drawn-then-pushed
# -     return x, f, w1, b1, w2, b2

# %% wrong not-written: 0, "not written"
def telling_case(channels, units):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
