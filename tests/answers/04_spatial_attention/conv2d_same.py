# %% right flipped-twice
def conv2d_same(d, kernel):
    # a true convolution through the Fourier transform, with a flipped kernel
    k = kernel[::-1, ::-1]
    p = k.shape[0] // 2
    B, H, W, D = d.shape
    h, w = H + 2 * p, W + 2 * p
    out = np.zeros((B, h, w))
    for c in range(D):
        out += np.fft.irfft2(np.fft.rfft2(d[..., c], (h, w)) * np.fft.rfft2(k[..., c], (h, w)), (h, w))
    return out[:, p:p + H, p:p + W]

# %% right keras-ops
def conv2d_same(d, kernel):
    out = keras.ops.conv(d.astype("float32"), kernel.astype("float32")[..., None], padding="same")
    return keras.ops.convert_to_numpy(out)[..., 0]

# %% right patches-and-a-product
def conv2d_same(d, kernel):
    size = kernel.shape[0]
    edge = (size - 1) // 2
    B, H, W, D = d.shape
    padded = np.zeros((B, H + 2 * edge, W + 2 * edge, D))
    padded[:, edge:edge + H, edge:edge + W] = d
    columns = [padded[:, i:i + H, j:j + W, :] for i in range(size) for j in range(size)]
    patches = np.concatenate(columns, axis=-1)          # (B, H, W, k * k * D)
    return patches @ kernel.reshape(-1)

# %% right position-by-position
def conv2d_same(d, kernel):
    k = len(kernel)
    half = k // 2
    B, H, W, D = d.shape
    result = np.zeros((B, H, W))
    for b in range(B):
        for y in range(H):
            for x in range(W):
                total = 0.0
                for i in range(k):
                    for j in range(k):
                        yy, xx = y + i - half, x + j - half
                        if 0 <= yy < H and 0 <= xx < W:
                            for c in range(D):
                                total += kernel[i, j, c] * d[b, yy, xx, c]
                result[b, y, x] = total
    return result

# %% right prints-and-warns
import warnings


def conv2d_same(maps, weights):
    warnings.warn("slow")
    k, _, depth = weights.shape
    p = k // 2
    print("maps", maps.shape, "kernel", weights.shape)
    big = np.pad(maps, ((0, 0), (p, p), (p, p), (0, 0)), "constant", constant_values=0)
    H, W = maps.shape[1], maps.shape[2]
    return np.stack([[[np.sum(image[y:y + k, x:x + k, :] * weights) for x in range(W)] for y in range(H)]
                     for image in big])

# %% right scatter
def conv2d_same(d, kernel):
    # every input is sent to the places that see it
    k = kernel.shape[0]
    B, H, W, D = d.shape
    out = np.zeros((B, H + k - 1, W + k - 1))
    for i in range(k):
        for j in range(k):
            out[:, k - 1 - i:k - 1 - i + H, k - 1 - j:k - 1 - j + W] += d @ kernel[i, j]
    p = k // 2
    return out[:, p:p + H, p:p + W]

# %% right shifted-sums
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    batch, height, width, depth = d.shape
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.zeros((batch, height, width))
    for i in range(k):
        for j in range(k):
            out += (padded[:, i:i + height, j:j + width] * kernel[i, j]).sum(axis=-1)
    return out

# %% right sliding-windows
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    padded = np.pad(d, [(0, 0), (p, p), (p, p), (0, 0)], mode="constant")
    windows = sliding_window_view(padded, (k, k), axis=(1, 2))  # (B, H, W, D, k, k)
    return np.einsum("bhwdij,ijd->bhw", windows, kernel)

# %% right tensorflow
def conv2d_same(d, kernel):
    y = tf.nn.conv2d(tf.constant(d), tf.constant(kernel[:, :, :, None]), strides=1, padding="SAME")
    return tf.squeeze(y, axis=-1)

# %% wrong no-return: 0, "return"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.zeros((B, H, W))
    for i in range(k):
        for j in range(k):
            out += padded[:, i:i + H, j:j + W] @ kernel[i, j]

# %% wrong axis-left-over: 0.75, "left over", like wrong no-return
# -     out = np.zeros((B, H, W))
# +     out = np.zeros((B, H, W, 1))

# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[i, j][:, None]
# +     return out

# %% wrong border-mirrored: 2, "beyond the edge", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)), mode="reflect")

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong border-mirrored-with-edge: 2, "beyond the edge", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)), mode="symmetric")

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong border-repeated: 2, "beyond the edge", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)), mode="edge")

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong divided-by-taps: 2, "divided", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out / k ** 2

# %% wrong divided-by-weights: 1.5, "divided", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out / kernel.size

# %% wrong every-map-meets-every-slice: 1.5, "added up before", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W].sum(-1) * kernel[i, j].sum()
# +     return out

# %% wrong first-map-alone: 1.5, "only the first map", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W, 0] * kernel[i, j, 0]
# +     return out

# %% wrong flipped: 2, "flipped", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[k - 1 - i, k - 1 - j]
# +     return out

# %% wrong flipped-columns: 2, "flipped along one axis", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[i, -1 - j]
# +     return out

# %% wrong flipped-rows: 2, "flipped along one axis", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[k - 1 - i, j]
# +     return out

# %% wrong float16: 2.5, "three digits", like wrong no-return
# -     out = np.zeros((B, H, W))
# +     out = np.zeros((B, H, W), dtype=np.float16)

# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out = out + (padded[:, i:i + H, j:j + W] @ kernel[i, j]).astype(np.float16)
# +     return out

# %% wrong full: 1.25, "too much is padded", like wrong no-return
# -     p = k // 2
# +     p = k - 1
#       B, H, W, D = d.shape
# +     H, W = H + k - 1, W + k - 1

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong height-and-width-exchanged: 0.75, "where shape", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out.transpose(0, 2, 1)

# %% wrong images-added: 2.5, "all images", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return np.repeat(out.sum(axis=0, keepdims=True), B, axis=0)

# %% wrong in-place: 5.5, "changes what it was given", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     d *= 0
# +     return out

# %% wrong integers: 2.5, "whole numbers", like wrong no-return
# -     out = np.zeros((B, H, W))
# +     out = np.zeros((B, H, W), dtype=int)

# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out = out + padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out.astype(int)

# %% wrong kernel-transposed: 2, "exchanged", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[j, i]
# +     return out

# %% wrong maps-kept-apart: 0.75, "kept apart", like wrong no-return
# -     out = np.zeros((B, H, W))
# +     out = np.zeros(d.shape)

# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] * kernel[i, j]
# +     return out

# %% wrong mean-over-the-maps: 1.5, "divided", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += (padded[:, i:i + H, j:j + W] * kernel[i, j]).mean(axis=-1)
# +     return out

# %% wrong padded-behind-only: 2, "shifted", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (0, 2 * p), (0, 2 * p), (0, 0)))

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong padded-by-half: 0.5, "raised ValueError", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, 0), (p, 0), (0, 0)))

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong padded-in-front-only: 2, "shifted", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (2 * p, 0), (2 * p, 0), (0, 0)))

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out

# %% wrong relu-behind: 1.5, "ReLU", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return np.maximum(out, 0)

# %% wrong returns-a-list: 5.75, "list", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out.tolist()

# %% wrong returns-in-loop: 2, "wrong", like wrong no-return
#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             return out

# %% wrong size-written-down: 2.5, "wrong", like wrong no-return
# -     k = kernel.shape[0]
# +     k = 3

# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[i % len(kernel), j % len(kernel)]
# +     return out

# %% wrong slices-in-reverse: 1.5, "reverse order", like wrong no-return
# -             out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +             out += padded[:, i:i + H, j:j + W] @ kernel[i, j, ::-1]
# +     return out

# %% wrong border-left-zero: 2, "wrong"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H, W))
    for y in range(p, H - p):
        for x in range(p, W - p):
            out[:, y, x] = np.sum(d[:, y - p:y + p + 1, x - p:x + p + 1] * kernel, axis=(1, 2, 3))
    return out

# %% wrong border-rolled: 2, "beyond the edge"
def conv2d_same(d, kernel):
    p = len(kernel) // 2
    out = np.zeros(d.shape[:3])
    for i in range(-p, p + 1):
        for j in range(-p, p + 1):
            out += np.roll(d, (-i, -j), axis=(1, 2)) @ kernel[i + p, j + p]
    return out

# %% wrong index-wraps-at-the-border: 0.5, "raised"
def conv2d_same(d, kernel):
    k = len(kernel)
    p = k // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H, W))
    for b, y, x, i, j, c in np.ndindex(B, H, W, k, k, D):
        out[b, y, x] += d[b, y + i - p, x + j - p, c] * kernel[i, j, c]
    return out

# %% wrong last-map-alone: 1.5, "only the last map"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    B, H, W, D = d.shape
    for c in range(D):
        padded = np.pad(d[..., c], ((0, 0), (p, p), (p, p)))
        out = np.zeros((B, H, W))
        for i in range(k):
            for j in range(k):
                out += padded[:, i:i + H, j:j + W] * kernel[i, j, c]
    return out

# %% wrong mean-of-each-patch: 1.5, "divided"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.empty(d.shape[:3])
    for y in range(d.shape[1]):
        for x in range(d.shape[2]):
            out[:, y, x] = np.mean(padded[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out

# %% wrong not-written: 0, "not written yet"
def conv2d_same(d, kernel):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong one-image-only: 0.75, "where shape"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    image = np.pad(d[0], ((p, p), (p, p), (0, 0)))
    return np.array([[np.sum(image[y:y + k, x:x + k] * kernel) for x in range(d.shape[2])]
                     for y in range(d.shape[1])])

# %% wrong padding-of-one: 2.5, "where shape"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    padded = np.pad(d, ((0, 0), (1, 1), (1, 1), (0, 0)))
    H, W = padded.shape[1] - k + 1, padded.shape[2] - k + 1
    out = np.zeros((len(d), max(H, 0), max(W, 0)))
    for y in range(H):
        for x in range(W):
            out[:, y, x] = np.sum(padded[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out

# %% wrong scipy-like-convolution: 2, "flipped"
def conv2d_same(d, kernel):
    p = len(kernel) // 2
    B, H, W, D = d.shape
    out = np.zeros((B, H + 2 * p, W + 2 * p))
    for i in range(len(kernel)):
        for j in range(len(kernel)):
            out[:, i:i + H, j:j + W] += (d * kernel[i, j]).sum(-1)
    return out[:, p:p + H, p:p + W]

# %% wrong slice-wraps-at-the-border: 0.5, "raised"
def conv2d_same(d, kernel):
    k = len(kernel)
    p = k // 2
    out = np.zeros(d.shape[:3])
    for y in range(d.shape[1]):
        for x in range(d.shape[2]):
            out[:, y, x] = np.sum(d[:, y - p:y + p + 1, x - p:x + p + 1] * kernel, axis=(1, 2, 3))
    return out

# %% wrong valid: 1.25, "nothing is padded"
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    B, H, W, D = d.shape
    if H < k or W < k:
        return np.zeros((B, 0, 0))
    out = np.zeros((B, H - k + 1, W - k + 1))
    for y in range(H - k + 1):
        for x in range(W - k + 1):
            out[:, y, x] = np.sum(d[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out

# %% wrong valid-raises: 1.25, "nothing is padded"
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_same(d, kernel):
    k = kernel.shape[0]
    return np.einsum("bhwdij,ijd->bhw", sliding_window_view(d, (k, k), axis=(1, 2)), kernel)

# %% wrong overwritten-in-the-loop: 2, "only the last tap", like right shifted-sums
# -             out += (padded[:, i:i + height, j:j + width] * kernel[i, j]).sum(axis=-1)
# +             out = (padded[:, i:i + height, j:j + width] * kernel[i, j]).sum(axis=-1)

# %% wrong guarded-at-the-end-only: 2, "negative indices", like right position-by-position
# -                         if 0 <= yy < H and 0 <= xx < W:
# +                         if yy < H and xx < W:

# %% wrong border-of-ones: 2, "beyond the edge", like wrong no-return
# -     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
# +     padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=1)

#               out += padded[:, i:i + H, j:j + W] @ kernel[i, j]
# +     return out
