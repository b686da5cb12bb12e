# %% right einsum
def to_channels_first(x):
    return np.einsum("bhwc->bchw", x)

# %% right keras-permute
from keras import layers

def to_channels_first(x):
    return layers.Permute((3, 1, 2))(x)

# %% right list-of-sheets
def to_channels_first(x):
    sheets = [x[..., c] for c in range(x.shape[-1])]
    return np.stack(sheets, axis=1)

# %% right loops
def to_channels_first(x):
    B, H, W, C = x.shape
    y = np.zeros((B, C, H, W))
    for b, h, w, c in np.ndindex(x.shape):
        y[b, c, h, w] = x[b, h, w, c]
    return y

# %% right moveaxis
def to_channels_first(x):
    return np.moveaxis(x, -1, 1)

# %% right reshape-and-transpose-with-prints
import sys


def to_channels_first(x):
    B, H, W, C = x.shape
    print("turning", x.shape, file=sys.stderr)
    pixels = x.reshape(B, H * W, C)
    return np.array([image.T for image in pixels]).reshape(B, C, H, W)

# %% right transpose
def to_channels_first(x):
    return np.transpose(x, (0, 3, 1, 2))

# %% right two-swaps
def to_channels_first(x):
    # B H W C -> B C W H -> B C H W
    return x.swapaxes(1, 3).swapaxes(2, 3)

# %% wrong all-axes-reversed: 0.5, "shape"
def to_channels_first(x):
    return x.T

# %% wrong axes-as-arguments: 0, "raised TypeError"
def to_channels_first(x):
    return np.transpose(x, 0, 3, 1, 2)

# %% wrong first-image: 0.5, "shape"
def to_channels_first(x):
    return x[0].transpose(2, 0, 1)

# %% wrong float16: 1, "float16"
def to_channels_first(x):
    return np.transpose(x.astype("float16"), (0, 3, 1, 2))

# %% wrong list: 1.75, "type list"
def to_channels_first(x):
    return np.moveaxis(x, 3, 1).tolist()

# %% wrong no-return: 0, "return"
def to_channels_first(x):
    y = np.transpose(x, (0, 3, 1, 2))

# %% wrong not-written: 0, "not written"
def to_channels_first(x):
    raise NotImplementedError

# %% wrong one-swap: 0.5, "Height and width"
def to_channels_first(x):
    return np.swapaxes(x, 1, 3)

# %% wrong other-direction: 0.5, "other direction"
def to_channels_first(x):
    return np.transpose(x, (0, 2, 3, 1))

# %% wrong reshape: 0.75, "reshape"
def to_channels_first(x):
    B, H, W, C = x.shape
    return x.reshape(B, C, H, W)

# %% wrong rows-upside-down: 0.75, "values are wrong"
def to_channels_first(x):
    return np.moveaxis(x[:, ::-1], -1, 1)

# %% wrong shape-set-in-place: 0.5, "changes"
def to_channels_first(x):
    B, H, W, C = x.shape
    x.shape = (B, C, H, W)
    return x

# %% wrong three-axes-named: 0, "raised ValueError"
def to_channels_first(x):
    return np.transpose(x, (2, 0, 1))

# %% wrong unchanged: 0.5, "not moved"
def to_channels_first(x):
    return x

# %% wrong whole-numbers: 1, "whole numbers"
def to_channels_first(x):
    return np.transpose(x, (0, 3, 1, 2)).astype(int)

# %% wrong width-swapped: 0.5, "Width and channels"
def to_channels_first(x):
    return x.swapaxes(2, 3)

# %% wrong zeros: 0.75, "zero"
def to_channels_first(x):
    y = np.zeros((x.shape[0], x.shape[3], x.shape[1], x.shape[2]))
    for c in range(x.shape[3]):
        y[:, c] == x[..., c]
    return y
