# %% right sum-of-products
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))

# %% right dot-product, like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     sizes = np.array([eca_kernel_size(width) for width in widths])
# +     print(sizes)
# +     return int(np.dot(sizes, depths))

# %% right keras-model, like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     count = 0
# +     for width, depth in zip(widths, depths):
# +         block = keras.layers.Conv1D(1, eca_kernel_size(width), padding="same", use_bias=False)
# +         block.build((None, width, 1))
# +         count += depth * block.count_params()
# +     return count

# %% right bits
def eca_weight_count(widths, depths):
    total = 0
    for stage in range(len(widths)):
        for block in range(depths[stage]):
            total += widths[stage].bit_length() // 2 | 1
    return total

# %% wrong at-least-three: 3.5, "at 3 or above", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(d * max(3, eca_kernel_size(w)) for w, d in zip(widths, depths))

# %% wrong biases: 0.5, "has a bias", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(d * (eca_kernel_size(w) + 1) for w, d in zip(widths, depths))

# %% wrong every-pair: 0.5, "combined with every depth", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(d * eca_kernel_size(w) for w in widths for d in depths)

# %% wrong exchanged: 0.5, "exchanged", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(w * eca_kernel_size(d) for w, d in zip(widths, depths))

# %% wrong float: 3.75, "type float", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return float(sum(d * eca_kernel_size(w) for w, d in zip(widths, depths)))

# %% wrong kernel-a-channel: 0.5, "for every channel", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(d * w * eca_kernel_size(w) for w, d in zip(widths, depths))

# %% wrong last-stage-missing: 0.5, "last stage is not counted", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     total = 0
# +     for s in range(len(widths) - 1):
# +         total += depths[s] * eca_kernel_size(widths[s])
# +     return total

# %% wrong last-stage-only: 0.5, "last stage is counted", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     for w, d in zip(widths, depths):
# +         total = d * eca_kernel_size(w)
# +     return total

# %% wrong lists-multiplied: 0, "raised", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(eca_kernel_size(widths) * depths)

# %% wrong numpy-integer: 3.75, "type int64", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return np.dot(depths, [eca_kernel_size(w) for w in widths])

# %% wrong pops: 3.75, "changes what it was given", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     total = 0
# +     while widths:
# +         total += depths.pop() * eca_kernel_size(widths.pop())
# +     return total

# %% wrong prints: 0, "print", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     print(sum(d * eca_kernel_size(w) for w, d in zip(widths, depths)))

# %% wrong published-sizes: 1, "published number", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     sizes = {256: 3, 512: 5, 1024: 5, 2048: 7}
# +     return sum(d * sizes.get(w, eca_kernel_size(w)) for w, d in zip(widths, depths))

# %% wrong quarter-width: 0.5, "a quarter", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(d * eca_kernel_size(max(1, w // 4)) for w, d in zip(widths, depths))

# %% wrong return-in-loop: 0.5, "inside the loop", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     total = 0
# +     for w, d in zip(widths, depths):
# +         total += d * eca_kernel_size(w)
# +         return total

# %% wrong stages-once: 0.5, "counted once", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(eca_kernel_size(w) for w in widths)

# %% wrong widths-added-up: 0.5, "added up before", like right sum-of-products
# -     return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
# +     return sum(depths) * eca_kernel_size(sum(widths))

# %% wrong always-three: 0.5, "size 3"
def eca_weight_count(widths, depths):
    return 3 * sum(depths)

# %% wrong even-sizes: 0.5, "not made odd"
import math


def eca_weight_count(widths, depths):
    return sum(d * int((math.log2(w) + 1) / 2) for w, d in zip(widths, depths))

# %% wrong not-written: 0, "not written"
def eca_weight_count(widths, depths):
    raise NotImplementedError

# %% wrong ties-down: 0.5, "ties which go down"
import math


def nearest_odd(channels):
    t = (math.log2(channels) + 1) / 2
    return max(1, 2 * math.ceil(t / 2 - 1) + 1)


def eca_weight_count(widths, depths):
    return sum(d * nearest_odd(w) for w, d in zip(widths, depths))

# %% wrong weights-of-se: 0.5, "SE blocks"
def eca_weight_count(widths, depths):
    return sum(d * (2 * w * max(1, w // 16) + max(1, w // 16) + w) for w, d in zip(widths, depths))

# %% wrong written-down: 0.5, "wrong for other"
def eca_weight_count(widths, depths):
    return 86
