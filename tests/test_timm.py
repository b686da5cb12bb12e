"""The oracle and the layers against PyTorch code of others. Needs torch, torchvision and timm, which may be missing."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
try:
    pytest.importorskip("torchvision")
except RuntimeError:  # its wheel's operators do not load beside a CPU torch; declaring two of them is enough
    operators = torch.library.Library("torchvision", "DEF")
    operators.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    operators.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
torchvision_ops = pytest.importorskip("torchvision.ops")
timm_layers = pytest.importorskip("timm.layers")
timm_cbam = pytest.importorskip("timm.layers.cbam")
timm_se = pytest.importorskip("timm.layers.squeeze_excite")
timm_coordinate = pytest.importorskip("timm.layers.coord_attn")

# After torchvision: some of its builds end the process where TensorFlow was imported before them.
import keras  # noqa: E402

from attention_course import layers, oracle  # noqa: E402

RATIO = 4
# (B, C, H, W), as PyTorch has it.
SHAPES = [(2, 8, 3, 5), (3, 16, 7, 4), (2, 12, 1, 1), (1, 64, 9, 2), (2, 33, 6, 11), (4, 128, 2, 3), (2, 256, 5, 3)]


def prepare(module, shape):
    """A random input, and the module in float64 for evaluation with every weight and statistic drawn at random."""
    generator = torch.Generator().manual_seed(sum(shape))
    module = module.double().eval()
    with torch.no_grad():
        for weight in module.parameters():
            # Kernels as they are initialised: sums of the size of one input, so that no gate is all 0 or 1.
            spread = 0.5 if weight.ndim == 1 else weight[0].numel() ** -0.5
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64) * spread)
        for name, statistic in module.named_buffers():
            drawn = torch.randn(statistic.shape, generator=generator, dtype=torch.float64)
            if not name.endswith("num_batches_tracked"):
                statistic.copy_(drawn.square() if name.endswith("var") else drawn / 2)
    return torch.randn(shape, generator=generator, dtype=torch.float64), module


def mlp_of(module):
    """(w1, b1, w2, b2) of the module's two 1x1 convolutions, as matrices (in, out)."""
    first, second = module.fc1, module.fc2
    w1, b1, w2, b2 = (t.detach().numpy() for t in (first.weight, first.bias, second.weight, second.bias))
    return w1[:, :, 0, 0].T, b1, w2[:, :, 0, 0].T, b2


def spatial_kernel_of(module):
    """(k, k, 2) of the module's convolution; timm concatenates the mean first, as we do."""
    return np.moveaxis(module.conv.conv.weight.detach().numpy()[0], 0, -1)


def compare(forward, x, module, *arguments):
    with torch.no_grad():
        want = module(x).numpy()
    np.testing.assert_allclose(forward(x.numpy(), *arguments, data_format="channels_first"), want, atol=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_squeeze_excitation(shape):
    channels = shape[1]
    for module in (
        # Left to itself timm rounds the bottleneck to a multiple of 8.
        timm_layers.SqueezeExcite(channels, rd_channels=channels // RATIO),
        torchvision_ops.SqueezeExcitation(channels, channels // RATIO),
    ):
        x, module = prepare(module, shape)
        compare(oracle.se_forward, x, module, *mlp_of(module))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("size", [1, 3, 5])
def test_efficient_channel_attention(shape, size):
    x, module = prepare(timm_layers.EcaModule(kernel_size=size), shape)
    compare(oracle.eca_forward, x, module, module.conv.weight.detach().numpy()[0, 0])


@pytest.mark.parametrize("channels", [8, 64, 127, 128, 2048])
def test_adaptive_kernel_size(channels):
    assert timm_layers.EcaModule(channels).conv.kernel_size == (oracle.eca_kernel_size(channels),)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_channel_attention(shape):
    channels = shape[1]
    x, module = prepare(timm_cbam.ChannelAttn(channels, rd_channels=channels // RATIO, mlp_bias=True), shape)
    compare(oracle.channel_attention_forward, x, module, *mlp_of(module))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_spatial_attention(shape):
    module = timm_cbam.SpatialAttn(7)
    module.conv.bn = torch.nn.Identity()  # the paper's formula has no norm
    x, module = prepare(module, shape)
    compare(oracle.spatial_attention_forward, x, module, spatial_kernel_of(module))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cbam(shape):
    channels = shape[1]
    module = timm_cbam.CbamModule(channels, rd_channels=channels // RATIO, mlp_bias=True)
    module.spatial.conv.bn = torch.nn.Identity()
    x, module = prepare(module, shape)
    compare(oracle.cbam_forward, x, module, *mlp_of(module.channel), spatial_kernel_of(module.spatial))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("fusion", ["add", "scale"])
def test_global_context(shape, fusion):
    x, module = prepare(global_context(shape[1], fusion), shape)
    weights = {name: weight.numpy() for name, weight in module.state_dict().items()}
    mlp = {name.removeprefix(f"mlp_{fusion}."): weight for name, weight in weights.items()}

    def forward(x, **more):
        return oracle.global_context_forward(
            x,
            weights["conv_attn.weight"].ravel(),
            mlp["fc1.weight"][:, :, 0, 0].T,
            mlp["fc1.bias"],
            mlp["norm.weight"],
            mlp["norm.bias"],
            mlp["fc2.weight"][:, :, 0, 0].T,
            mlp["fc2.bias"],
            fusion=fusion,
            epsilon=1e-6,
            **more,
        )

    compare(forward, x, module)


def global_context(channels, fusion, **more):
    return timm_layers.GlobalContext(channels, fuse_add=fusion == "add", fuse_scale=fusion == "scale", **more)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_coordinate_attention(shape):
    x, module = prepare(timm_coordinate.CoordAttn(shape[1]), shape)
    weights = {name: weight.numpy() for name, weight in module.state_dict().items()}
    matrices = {name: weights[f"{name}.weight"][:, :, 0, 0].T for name in ("conv1", "conv_h", "conv_w")}
    norm = [weights[f"bn1.{name}"] for name in ("weight", "bias", "running_mean", "running_var")]
    no_bias = np.zeros(shape[1])
    compare(
        oracle.coordinate_attention_forward,
        x,
        module,
        matrices["conv1"],
        *norm,
        matrices["conv_h"],
        no_bias,
        matrices["conv_w"],
        no_bias,
    )


# Keras's mean works in float32 on PyTorch and JAX, whatever it is given.
DTYPE, TOLERANCE = ("float64", 1e-12) if keras.backend.backend() == "tensorflow" else ("float32", 3e-6)

# timm's modules and the layers that load_timm says match them, first with timm's defaults.
PAIRS = {
    "se": (timm_layers.SqueezeExcite, layers.SqueezeExcitation, {"divisor": 8}),
    "se_small": (
        lambda channels: timm_layers.SqueezeExcite(channels, rd_channels=5, bias=False, gate_layer="hard_sigmoid"),
        layers.SqueezeExcitation,
        {"units": 5, "use_bias": False, "gate_activation": "hard_sigmoid"},
    ),
    "se_linear": (
        # The module for channels-last tensors; its weights are matrices.
        lambda channels: channels_first(timm_se.SqueezeExciteCl(channels)),
        layers.SqueezeExcitation,
        {"divisor": 8},
    ),
    "eca": (timm_layers.EcaModule, layers.EfficientChannelAttention, {"min_kernel": 3}),
    "eca_fixed": (lambda channels: timm_layers.EcaModule(), layers.EfficientChannelAttention, {"kernel_size": 3}),
    "channel": (timm_cbam.ChannelAttn, layers.ChannelAttention, {"divisor": 1, "use_bias": False}),
    "spatial": (lambda channels: timm_cbam.SpatialAttn(), layers.SpatialAttention, {"norm": True}),
    "cbam": (timm_cbam.CbamModule, layers.CBAM, {"divisor": 1, "use_bias": False, "norm": True}),
    "cbam_biases": (
        lambda channels: timm_cbam.CbamModule(channels, rd_ratio=1 / 4, spatial_kernel_size=3, mlp_bias=True),
        layers.CBAM,
        {"ratio": 4, "divisor": 1, "kernel_size": 3, "norm": True},
    ),
    "gc": (
        timm_layers.GlobalContext,
        layers.GlobalContext,
        {"ratio": 8, "divisor": 1, "fusion": "scale", "epsilon": 1e-6},
    ),
    "gc_add": (
        lambda channels: global_context(channels, "add", rd_ratio=1 / 4),
        layers.GlobalContext,
        {"ratio": 4, "divisor": 1, "epsilon": 1e-6},
    ),
    "coordinate": (timm_coordinate.CoordAttn, layers.CoordinateAttention, {"ratio": 24, "use_bias": False}),
    "coordinate_biases": (
        lambda channels: timm_coordinate.CoordAttn(channels, rd_channels=9, bias=True),
        layers.CoordinateAttention,
        {"units": 9},
    ),
}


def channels_first(module):
    """The module, taking and giving channels-first tensors."""
    module.register_forward_pre_hook(lambda _, inputs: inputs[0].permute(0, 2, 3, 1))
    module.register_forward_hook(lambda _, inputs, output: output.permute(0, 3, 1, 2))
    return module


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("data_format", ["channels_first", "channels_last"])
@pytest.mark.parametrize("name", PAIRS)
def test_layers_with_the_weights_of_timm(name, data_format, shape):
    make, kind, arguments = PAIRS[name]
    x, module = prepare(make(shape[1]), shape)
    with torch.no_grad():
        want = module(x).numpy()
    given = x.numpy().astype(DTYPE)
    if data_format == "channels_last":
        given = np.moveaxis(given, 1, -1)
    layer = kind(data_format=data_format, dtype=DTYPE, **arguments)
    layer.build(given.shape)
    assert layers.load_timm(layer, module.state_dict()) is layer
    got = keras.ops.convert_to_numpy(layer(given))
    np.testing.assert_allclose(
        got if data_format == "channels_first" else np.moveaxis(got, -1, 1), want, atol=TOLERANCE
    )


@pytest.mark.parametrize("channels", [*range(1, 40), 96, 288, 480, 672, 960, 1440])
@pytest.mark.parametrize("name", ["se", "channel", "gc", "coordinate"])
def test_widths_of_the_bottleneck(name, channels):
    make, kind, arguments = PAIRS[name]
    layer = kind(data_format="channels_first", **arguments)
    layer.build((None, channels, 4, 4))
    layers.load_timm(layer, make(channels).state_dict())
