"""The oracle against PyTorch code that others wrote. Runs only where torch, torchvision and timm are installed."""

import numpy as np
import pytest

from attention_course import oracle

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

RATIO = 4
# (B, C, H, W), as PyTorch has it.
SHAPES = [(2, 8, 3, 5), (3, 16, 7, 4), (2, 12, 1, 1), (1, 64, 9, 2), (2, 33, 6, 11), (4, 128, 2, 3), (2, 256, 5, 3)]


def prepare(module, shape):
    """A random input, and the module in float64 for evaluation with every weight and bias drawn at random."""
    generator = torch.Generator().manual_seed(sum(shape))
    module = module.double().eval()
    with torch.no_grad():
        for weight in module.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=torch.float64) / 2)
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
