# %% right two-equations
def spot_kernel(size, channels, spot, single, plain):
    def logit(gate):
        return np.log(gate / (1 - gate))

    mean_tap = (logit(spot) - logit(single)) / (1 - 1 / channels)
    kernel = np.zeros((size, size, 2))
    kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
    kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
    return kernel

# %% right ring-of-four-on-the-max
import math


def spot_kernel(size, channels, spot, single, plain):
    a, b, c = (math.log(g) - math.log(1 - g) for g in (spot, single, plain))
    h = size // 2
    kernel = np.zeros((size, size, 2))
    kernel[h, h, 0] = channels * (a - b) / (channels - 1)
    kernel[h, h, 1] = a - kernel[h, h, 0]
    for row, column in ((0, h), (h, 0), (h, size - 1), (size - 1, h)):  # a cross at the border of the kernel
        kernel[row, column, 1] = (c - a) / 4
    return kernel

# %% right solved-as-a-system
def spot_kernel(size, channels, spot, single, plain):
    wanted = -np.log(1 / np.array([spot, single, plain]) - 1)
    n = size * size - 1
    # middle on the mean, middle on the max, every other tap of both slices
    seen = np.array([[1, 1, 0], [1 / channels, 1, 0], [1, 1, 2 * n]])
    middle_mean, middle_max, around = np.linalg.solve(seen, wanted)
    kernel = np.full((size, size, 2), around, dtype="float32")
    kernel[size // 2, size // 2] = middle_mean, middle_max
    return kernel

# %% wrong not-written: 0, "not written yet"
def spot_kernel(size, channels, spot, single, plain):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong no-return: 0, "return", like right two-equations
# -     return kernel
# +     print(kernel)

# %% wrong gates-as-logits: 1, "undo it first", like right two-equations
# -         return np.log(gate / (1 - gate))
# +         return gate

# %% wrong logarithm-alone: 1, "another inverse", like right two-equations
# -         return np.log(gate / (1 - gate))
# +         return np.log(gate)

# %% wrong around-made-for-the-plain-area-alone: 4.5, "count too", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[..., 0] = logit(plain) / (size**2 - 1)

# %% wrong whole-sum-on-each-tap: 4.5, "shared out", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[..., 0] = logit(plain) - logit(spot)

# %% wrong shared-among-all: 4.5, "not one of those", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[..., 0] = (logit(plain) - logit(spot)) / size**2

# %% wrong mean-of-a-single-channel-forgotten: 4.5, "1 / C", like right two-equations
# -     mean_tap = (logit(spot) - logit(single)) / (1 - 1 / channels)
# +     mean_tap = logit(spot) - logit(single)

# %% wrong slices-exchanged: 4.5, "mean comes first", like right two-equations
# -     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# -     return kernel
# +     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# +     return kernel[..., ::-1]

# %% wrong mean-alone: 4.5, "the max has no tap", like right two-equations
# -     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# +     kernel[size // 2, size // 2, 0] = logit(spot)

# %% wrong max-alone: 4.5, "cannot tell a single channel", like right two-equations
# -     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# +     kernel[size // 2, size // 2] = 0, logit(spot)

# %% wrong both-slices-with-the-whole-sum: 4.5, "count twice", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[...] = (logit(plain) - logit(spot)) / (size**2 - 1)

# %% wrong one-neighbour: 5.25, "in all directions", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[0, 0, 0] = logit(plain) - logit(spot)

# %% wrong left-and-right-alone: 5.25, "in all directions", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[size // 2, :, 0] = (logit(plain) - logit(spot)) / (size - 1)

# %% wrong size-fixed: 0.5, "where shape", like right two-equations
# -     kernel = np.zeros((size, size, 2))
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     size = 7
# +     kernel = np.zeros((size, size, 2))
# +     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)

# %% wrong with-a-filter-axis: 0.5, "left over", like right two-equations
# -     return kernel
# +     return kernel[..., None]

# %% wrong negative-centre: 1, "lone spot", like right two-equations
# -     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# -     return kernel
# +     kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
# +     return -kernel

# %% wrong percent: 1, "nan or infinity", like right two-equations
# -         return np.log(gate / (1 - gate))
# +         return np.log(100 * gate / (1 - 100 * gate))

# %% wrong one-neighbour-under-taps-that-cancel: 5.25, "in all directions", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[:] = 2.0**30, -(2.0**30)
# +     kernel[0, 1, 0] += logit(plain) - logit(spot)

# %% wrong shared-by-the-size: 4.5, "inside a plain bright area", like right two-equations
# -     kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
# +     kernel[..., 0] = (logit(plain) - logit(spot)) / size
