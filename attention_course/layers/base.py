"""What all the blocks share: the data format, the axes that follow from it, and clear refusals."""

from numbers import Integral

import keras


def whole_number(value, name, layer):
    """The value as an int. Raises ValueError unless it is a whole number of at least 1."""
    if not isinstance(value, Integral) or value < 1:
        raise ValueError(
            f"{layer}: {name} is {value!r}, but a whole number of at least 1 is needed. Give {name} such a number."
        )
    return int(value)


def odd_kernel_size(value, layer):
    """The kernel size as an int. Raises ValueError unless it is a positive odd number."""
    size = whole_number(value, "kernel_size", layer)
    if size % 2 == 0:
        raise ValueError(
            f"{layer}: kernel_size is {size}, but an odd number is needed: an even kernel has no middle tap. "
            f"Use {size - 1} or {size + 1}."
        )
    return size


class FeatureMapLayer(keras.layers.Layer):
    """A layer that takes a feature map and gives one of the same shape.

    data_format: "channels_last" for (B, H, W, C), "channels_first" for (B, C, H, W); None takes
    `keras.config.image_data_format()`, once, so that a saved model does not change with the setting.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        if data_format is None:
            data_format = keras.config.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"{type(self).__name__}: data_format is {data_format!r}. "
                'Use "channels_last", "channels_first" or None for the global setting.'
            )
        self.data_format = data_format
        last = data_format == "channels_last"
        self.channel_axis = 3 if last else 1
        self.spatial_axes = (1, 2) if last else (2, 3)

    def read_channels(self, input_shape):
        """The number of channels of the input, which `build` needs. Raises ValueError where there is none."""
        where = f"{type(self).__name__} ({self.data_format})"
        if len(input_shape) != 4:
            axes = "(B, H, W, C)" if self.channel_axis == 3 else "(B, C, H, W)"
            raise ValueError(
                f"{where}: the input has shape {tuple(input_shape)}, rank {len(input_shape)}, but a feature map has "
                f"rank 4. Give it {axes}."
            )
        channels = input_shape[self.channel_axis]
        if channels is None:
            raise ValueError(
                f"{where}: the channel axis (axis {self.channel_axis}) of the input shape {tuple(input_shape)} is "
                "undefined. Give the number of channels in keras.Input, or check data_format."
            )
        if channels < 1:
            raise ValueError(
                f"{where}: the input shape {tuple(input_shape)} has {channels} channels. Give it at least 1."
            )
        # Keras itself then refuses another rank or width at a later call.
        self.input_spec = keras.layers.InputSpec(ndim=4, axes={self.channel_axis: channels})
        return channels

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}
