"""The mathematics of the course in float64 NumPy: what every answer is compared with.

Nothing here knows TensorFlow or Keras, so this and the layers of `attention_course.layers` check each other.
A feature map is channels-last, (B, H, W, C), unless `data_format="channels_first"` says (B, C, H, W).
Every function computes in float64 whatever it is given, changes none of its inputs, and returns arrays of
its own. A wrong rank or shape is a ValueError: broadcasting never repairs it. Counts are Python ints.
"""

from .blocks import (
    band_matrix,
    cbam_forward,
    channel_attention_forward,
    conv2d_same,
    eca_forward,
    excite,
    se_forward,
    shared_mlp,
    spatial_attention_forward,
)
from .counts import eca_kernel_size, eca_weight_count, first_channels_for, resnet_overhead, se_weight_count
from .feature_maps import (
    apply_channel_gate,
    apply_spatial_gate,
    channel_pool,
    gate_gradient,
    global_average_pool,
    global_max_pool,
    relu,
    revealing_case,
    sigmoid,
    squeeze,
    to_channels_first,
    to_channels_last,
)
from .further import (
    context_attention,
    coordinate_attention_forward,
    global_context_forward,
    hard_swish,
    layer_norm,
    scse_forward,
    simam_forward,
    softmax,
)
from .inverse import faults_that_fit, kernel_from_gates, suspects

__all__ = [
    "apply_channel_gate",
    "apply_spatial_gate",
    "band_matrix",
    "cbam_forward",
    "channel_attention_forward",
    "channel_pool",
    "context_attention",
    "conv2d_same",
    "coordinate_attention_forward",
    "eca_forward",
    "eca_kernel_size",
    "eca_weight_count",
    "excite",
    "faults_that_fit",
    "first_channels_for",
    "gate_gradient",
    "global_average_pool",
    "global_context_forward",
    "global_max_pool",
    "hard_swish",
    "kernel_from_gates",
    "layer_norm",
    "relu",
    "resnet_overhead",
    "revealing_case",
    "scse_forward",
    "se_forward",
    "se_weight_count",
    "shared_mlp",
    "sigmoid",
    "simam_forward",
    "softmax",
    "spatial_attention_forward",
    "squeeze",
    "suspects",
    "to_channels_first",
    "to_channels_last",
]
