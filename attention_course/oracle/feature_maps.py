"""Feature maps: reading them, pooling them, and multiplying them by a gate."""

import numpy as np

AXES = {"channels_last": ("B", "H", "W", "C"), "channels_first": ("B", "C", "H", "W")}


def as_floats(name, value, *axes):
    """The value as a float64 array of the expected shape.

    An int in `axes` is a size the axis must have; a string names an axis of any size. Raises ValueError
    for another rank or size. The result may be the input itself, so callers never write to it.
    """
    array = np.asarray(value, dtype=np.float64)
    fits = array.ndim == len(axes) and all(
        isinstance(axis, str) or size == axis for size, axis in zip(array.shape, axes, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}, but ({', '.join(map(str, axes))}) is needed")
    return array


def read_map(x, data_format):
    """The feature map x as float64, channels-last. Raises ValueError for a bad format, rank or empty axis."""
    if data_format not in AXES:
        raise ValueError(f"data_format is {data_format!r}, but one of {', '.join(AXES)} is needed")
    array = as_floats("the feature map", x, *AXES[data_format])
    if 0 in array.shape[1:]:
        raise ValueError(f"the feature map has shape {array.shape}: nothing to pool over an empty axis")
    return np.moveaxis(array, 1, -1) if data_format == "channels_first" else array


def write_map(y, data_format):
    """The channels-last result y in the asked format."""
    return np.moveaxis(y, -1, 1).copy() if data_format == "channels_first" else y


def sigmoid(x):
    """1 / (1 + exp(-x)), elementwise, any shape; no overflow however large x is."""
    x = np.asarray(x, dtype=np.float64)
    small = np.exp(-np.abs(x))  # never above 1
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def relu(x):
    """max(x, 0), elementwise, any shape."""
    return np.maximum(np.asarray(x, dtype=np.float64), 0.0)


def global_average_pool(x, *, data_format="channels_last"):
    """The mean of each channel over height and width: (B, H, W, C) -> (B, C).

    Raises ValueError unless x has rank 4 and no empty axis behind the batch.
    Source: the squeeze of Hu et al. 2018 (arXiv 1709.01507), section 3.1.
    """
    return read_map(x, data_format).mean(axis=(1, 2))


squeeze = global_average_pool  # the name that the SE paper and notebook 01 use


def global_max_pool(x, *, data_format="channels_last"):
    """The maximum of each channel over height and width: (B, H, W, C) -> (B, C).

    Raises ValueError unless x has rank 4 and no empty axis behind the batch.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, channel attention module.
    """
    return read_map(x, data_format).max(axis=(1, 2))


def channel_pool(x, *, data_format="channels_last"):
    """The mean, then the maximum, over the channels: (B, H, W, C) -> (B, H, W, 2), or (B, 2, H, W) channels-first.

    Raises ValueError unless x has rank 4 and no empty axis behind the batch.
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, spatial attention module; the order is the
    paper's, while the official code puts the maximum first.
    """
    x = read_map(x, data_format)
    return write_map(np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1), data_format)


def apply_channel_gate(x, gate, *, data_format="channels_last"):
    """Each channel of x (B, H, W, C) times its number in gate (B, C): a map of the shape of x.

    Raises ValueError unless the gate is exactly (B, C).
    Source: the scale of Hu et al. 2018 (arXiv 1709.01507), section 3.2.
    """
    x = read_map(x, data_format)
    gate = as_floats("the channel gate", gate, x.shape[0], x.shape[3])
    return write_map(x * gate[:, None, None, :], data_format)


def apply_spatial_gate(x, gate, *, data_format="channels_last"):
    """Each position of x (B, H, W, C) times its number in gate (B, H, W): a map of the shape of x.

    Raises ValueError unless the gate is exactly (B, H, W).
    Source: Woo et al. 2018 (arXiv 1807.06521), section 3, the second line of equation 1.
    """
    x = read_map(x, data_format)
    gate = as_floats("the spatial gate", gate, *x.shape[:3])
    return write_map(x * gate[..., None], data_format)


def revealing_case(channels):
    """A map (3, 3, 3, C) and its channel gate (3, C), for which two wrong products run without an error.

    The bare product and the one with a single new axis behind the batch keep the map's shape, because the number of
    images is that of the rows and of the columns. Both are wrong in every image, because no two images share a gate.
    """
    return np.ones((3, 3, 3, channels)), np.linspace(0.1, 0.9, 3 * channels).reshape(3, channels)


def gate_gradient(x, dy):
    """The gradient of a loss by the channel gates, from that by the gated map: x, dy (B, H, W, C) -> (B, C).

    With y = g x, each channel's gate multiplies all its positions: the sum over them of x times dL/dy.
    Raises ValueError unless both have rank 4 and one shape.
    """
    x = as_floats("the feature map", x, *AXES["channels_last"])
    dy = as_floats("the gradient by the gated map", dy, *x.shape)
    return (x * dy).sum(axis=(1, 2))


def to_channels_first(x):
    """(B, H, W, C) -> (B, C, H, W), a copy. Raises ValueError unless x has rank 4."""
    return np.moveaxis(as_floats("the feature map", x, *AXES["channels_last"]), -1, 1).copy()


def to_channels_last(x):
    """(B, C, H, W) -> (B, H, W, C), a copy. Raises ValueError unless x has rank 4."""
    return np.moveaxis(as_floats("the feature map", x, *AXES["channels_first"]), 1, -1).copy()
