# %% right formula
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    count = 2 * channels * m
    if bias:
        count += m + channels
    return count

# %% right keras-model
from keras import layers

def se_weight_count(channels, ratio=16, bias=True):
    model = keras.Sequential([
        keras.Input((channels,)),
        layers.Dense(channels // ratio, use_bias=bias),
        layers.Dense(channels, use_bias=bias),
    ])
    return model.count_params()

# %% right list-of-shapes
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    shapes = [(channels, m), (m, channels)]
    if bias:
        shapes += [(m,), (channels,)]
    return int(sum(np.prod(shape) for shape in shapes))

# %% right row-by-row
def se_weight_count(channels, ratio=16, bias=True):
    width, rest = divmod(channels, ratio)
    print("rest", rest)
    total = 0
    for unit in range(width):
        total += channels + bias
    for channel in range(channels):
        total += width + bias
    return total

# %% right zeros
import math


def layer(inputs, outputs, bias):
    return np.zeros((inputs + 1 if bias else inputs, outputs)).size


def se_weight_count(channels, ratio=16, bias=True):
    m = math.floor(channels / ratio)
    return layer(channels, m, bias) + layer(m, channels, bias)

# %% wrong bias-ignored: 2.75, "bias=False"
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return 2 * channels * m + m + channels

# %% wrong both-biases-long: 1.5, "first bias", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return 2 * channels * m + (2 * channels if bias else 0)

# %% wrong both-biases-short: 1.5, "first bias", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return 2 * channels * m + (2 * m if bias else 0)

# %% wrong float: 3.75, "float", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return float(2 * channels * m + (m + channels if bias else 0))

# %% wrong one-bias: 1.5, "first bias", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return 2 * channels * m + channels * int(bias)

# %% wrong one-matrix: 0.25, "two matrices", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return channels * m + (m + channels if bias else 0)

# %% wrong prints: 0, "print", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     print(2 * channels * m + (m + channels if bias else 0))

# %% wrong text: 0, "type str", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return f"{2 * channels * m + (m + channels if bias else 0):,}"

# %% wrong two-numbers: 0, "tuple", like wrong bias-ignored
# -     return 2 * channels * m + m + channels
# +     return 2 * channels * m, (m + channels if bias else 0)

# %% wrong fraction: 2.25, "fraction"
def se_weight_count(channels, ratio=16, bias=True):
    m = channels / ratio
    return 2 * channels * m + (m + channels if bias else 0)

# %% wrong array-of-one: 0, "ndarray", like wrong fraction
# -     m = channels / ratio
# +     m = np.array([channels // ratio])

# %% wrong multiple-of-eight: 1.5, "multiple of 8", like wrong fraction
# -     m = channels / ratio
# +     m = max(8, int(channels / ratio + 4) // 8 * 8)

# %% wrong one-width-down: 0.25, "wrong", like wrong fraction
# -     m = channels / ratio
# +     m = channels // ratio - 1

# %% wrong ratio-ignored: 1.25, "ratio is ignored", like wrong fraction
# -     m = channels / ratio
# +     m = channels // 16

# %% wrong rounded-at-the-end: 2.5, "product", like wrong fraction
# -     return 2 * channels * m + (m + channels if bias else 0)
# +     return int(2 * channels * m + (m + channels if bias else 0))

# %% wrong rounded-to-nearest: 2.5, "rounded up", like wrong fraction
# -     m = channels / ratio
# +     m = round(channels / ratio)

# %% wrong wider: 0.25, "wider", like wrong fraction
# -     m = channels / ratio
# +     m = channels * ratio

# %% wrong bias-turned-around: 0.25, "left out where bias=True"
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    if not bias:
        return 2 * channels * m + m + channels
    return 2 * channels * m

# %% wrong no-biases: 1.5, "biases are left out"
def se_weight_count(channels, ratio=16, bias=True):
    return 2 * channels * (channels // ratio)

# %% wrong no-defaults: 0, "raised TypeError"
def se_weight_count(channels, ratio, bias):
    m = channels // ratio
    return 2 * channels * m + (m + channels if bias else 0)

# %% wrong not-written: 0, "not written"
def se_weight_count(channels, ratio=16, bias=True):
    raise NotImplementedError

# %% wrong numpy-integer: 3.75, "int64"
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    sizes = np.array([channels * m, m * channels, m * bias, channels * bias])
    return sizes.sum()

# %% wrong product-divided: 2.5, "product"
def se_weight_count(channels, ratio=16, bias=True):
    matrices = 2 * channels ** 2 // ratio
    biases = channels // ratio + channels
    return matrices + biases if bias else matrices

# %% wrong rate-as-width: 0.25, "ratio is taken"
def se_weight_count(channels, ratio=16, bias=True):
    count = channels * ratio + ratio * channels
    return count + ratio + channels if bias else count

# %% wrong rounded-up: 2.5, "rounded up"
import math


def se_weight_count(channels, ratio=16, bias=True):
    m = math.ceil(channels / ratio)
    return 2 * channels * m + (m + channels if bias else 0)

# %% wrong written-down: 0.25, "write down the shapes"
def se_weight_count(channels, ratio=16, bias=True):
    return 8464
