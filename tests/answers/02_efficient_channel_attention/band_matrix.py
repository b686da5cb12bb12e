# %% right entry-by-entry
def band_matrix(kernel, channels):
    p = (len(kernel) - 1) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        for j in range(channels):
            if abs(j - i) <= p:
                M[i, j] = kernel[j - i + p]
    return M

# %% right answers-to-unit-vectors
def slide(z, kernel):
    p = len(kernel) // 2
    padded = np.pad(z, p)
    return np.array([padded[i:i + len(kernel)] @ kernel for i in range(len(z))])


def band_matrix(kernel, channels):
    print("building", channels)
    return np.column_stack([slide(unit, kernel) for unit in np.eye(channels)])

# %% right eyes
def band_matrix(kernel, channels):
    middle = len(kernel) // 2
    return sum(w * np.eye(channels, k=t - middle) for t, w in enumerate(kernel))

# %% right index-arrays
def band_matrix(kernel, channels):
    reach = len(kernel) // 2
    places = np.arange(channels)
    offset = places[None, :] - places[:, None]
    inside = np.abs(offset) <= reach
    return np.where(inside, kernel[np.clip(offset + reach, 0, len(kernel) - 1)], 0.0)

# %% right keras-convolution
from keras import ops

def band_matrix(kernel, channels):
    units = np.eye(channels, dtype="float32")[:, :, None]
    columns = ops.conv(units, np.asarray(kernel, dtype="float32")[:, None, None], padding="same")
    return ops.transpose(columns[:, :, 0])

# %% right shifted-slices
def band_matrix(kernel, channels):
    k = kernel.size
    wide = np.zeros((channels, channels + k - 1))
    for row in range(channels):
        wide[row, row:row + k] = kernel
    return wide[:, k // 2:k // 2 + channels]

# %% wrong slices-without-room: 0, "raised"
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = np.zeros((channels, channels))
    for i in range(channels):
        M[i, i - p:i + p + 1] = kernel
    return M

# %% wrong distance-only: 1, "alike", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for j in range(channels):
# +             if abs(j - i) <= p:
# +                 M[i, j] = kernel[abs(j - i) + p]

# %% wrong inner-rows-only: 1, "wrong", like wrong slices-without-room
# -     for i in range(channels):
# +     for i in range(p, channels - p):

# %% wrong negative-index: 1.5, "negative index", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for t in range(len(kernel)):
# +             if i + t - p < channels:
# +                 M[i, i + t - p] = kernel[t]

# %% wrong negative-index-into-kernel: 1, "end of the kernel", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for j in range(channels):
# +             try:
# +                 M[i, j] = kernel[j - i + p]
# +             except IndexError:
# +                 pass

# %% wrong repeated-ends: 1, "repeated", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for t in range(len(kernel)):
# +             j = min(max(i + t - p, 0), channels - 1)
# +             M[i, j] += kernel[t]

# %% wrong ring: 1, "ring", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for t in range(len(kernel)):
# +             M[i, (i + t - p) % channels] += kernel[t]

# %% wrong transposed: 1, "flipped", like wrong slices-without-room
# -         M[i, i - p:i + p + 1] = kernel
# +         for j in range(channels):
# +             if abs(i - j) <= p:
# +                 M[i, j] = kernel[i - j + p]

# %% wrong whole-numbers: 2, "whole numbers", like right entry-by-entry
# -     p = (len(kernel) - 1) // 2
# -     M = np.zeros((channels, channels))
# +     p = len(kernel) // 2
# +     M = np.zeros((channels, channels), dtype=int)

# %% wrong all-at-the-left: 1, "left end"
def band_matrix(kernel, channels):
    M = np.zeros((channels, channels))
    M[:, :len(kernel)] = kernel
    return M

# %% wrong diagonal-only: 1, "Only the diagonal"
def band_matrix(kernel, channels):
    return kernel[len(kernel) // 2] * np.eye(channels)

# %% wrong ends-on-diagonal: 1, "middle of the kernel"
def band_matrix(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) + 1) for t, w in enumerate(kernel))

# %% wrong extra-axis: 0.5, "axes"
def band_matrix(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))[None]

# %% wrong flipped-by-convolve: 1, "flipped"
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    rows = [np.convolve(unit, kernel)[p:p + channels] for unit in np.eye(channels)]
    return np.array(rows).T

# %% wrong kernel-turned-in-place: 3.75, "changes what it was given"
def band_matrix(kernel, channels):
    kernel[:] = kernel[::-1].copy()
    p = len(kernel) // 2
    return sum(w * np.eye(channels, k=p - t) for t, w in enumerate(kernel))

# %% wrong list: 3.75, "type list"
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    return [[float(kernel[j - i + p]) if abs(j - i) <= p else 0.0 for j in range(channels)] for i in range(channels)]

# %% wrong no-return: 0, "return"
def band_matrix(kernel, channels):
    matrix = np.zeros((channels, channels))
    for t, w in enumerate(kernel):
        matrix += w * np.eye(channels, k=t - len(kernel) // 2)

# %% wrong not-written: 0, "not written"
def band_matrix(kernel, channels):
    raise NotImplementedError

# %% wrong ones: 1, "holds ones"
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    places = np.arange(channels)
    return (np.abs(places[:, None] - places) <= p).astype(float)

# %% wrong rows-missing: 0.5, "both ends are missing"
def band_matrix(kernel, channels):
    k = len(kernel)
    M = np.zeros((max(channels - k + 1, 0), channels))
    for i in range(len(M)):
        M[i, i:i + k] = kernel
    return M

# %% wrong same-row: 1, "Every row is the same"
def band_matrix(kernel, channels):
    row = np.zeros(channels)
    half = kernel[len(kernel) // 2:]
    row[:len(half)] = half[:channels]
    return np.tile(row, (channels, 1))

# %% wrong starts-on-diagonal: 1, "middle of the kernel"
def band_matrix(kernel, channels):
    return sum(w * np.eye(channels, k=t) for t, w in enumerate(kernel))

# %% wrong three-only: 2, "values are wrong"
def band_matrix(kernel, channels):
    p = len(kernel) // 2
    M = kernel[p] * np.eye(channels)
    if p > 0:
        M += kernel[p - 1] * np.eye(channels, k=-1) + kernel[p + 1] * np.eye(channels, k=1)
    return M

# %% wrong wide-kernel-raises: 3.5, "raised"
def band_matrix(kernel, channels):
    k = len(kernel)
    assert k <= channels, "the kernel is too wide"
    return sum(w * np.eye(channels, k=t - k // 2) for t, w in enumerate(kernel))
