"""Weights from timm, with state dicts written by hand: tests/test_timm.py compares with timm itself."""

import keras
import numpy as np
import pytest

from attention_course import layers, oracle

C, M = 6, 3


def draw(seed=0, **shapes):
    rng = np.random.default_rng(seed)
    return {name.replace("__", "."): rng.normal(size=shape) for name, shape in shapes.items()}


SE = draw(fc1__weight=(M, C, 1, 1), fc1__bias=M, fc2__weight=(C, M, 1, 1), fc2__bias=C)
ECA = draw(conv__weight=(1, 1, 3))
NORM = {"weight": [1.5], "bias": [-0.25], "running_mean": [0.5], "running_var": [4.0], "num_batches_tracked": 7}
SPATIAL = draw(conv__conv__weight=(1, 2, 5, 5)) | {f"conv.bn.{name}": np.array(v) for name, v in NORM.items()}
CBAM = {f"channel.{name}": array for name, array in SE.items() if "bias" not in name} | {
    f"spatial.{name}": array for name, array in SPATIAL.items()
}
CONTEXT = draw(
    conv_attn__weight=(1, C, 1, 1),
    conv_attn__bias=1,
    mlp_add__fc1__weight=(M, C, 1, 1),
    mlp_add__fc1__bias=M,
    mlp_add__norm__weight=M,
    mlp_add__norm__bias=M,
    mlp_add__fc2__weight=(C, M, 1, 1),
    mlp_add__fc2__bias=C,
)
COORDINATE = draw(
    conv1__weight=(M, C, 1, 1),
    bn1__weight=M,
    bn1__bias=M,
    bn1__running_mean=M,
    conv_h__weight=(C, M, 1, 1),
    conv_w__weight=(C, M, 1, 1),
) | {"bn1.running_var": np.array([0.5, 1.0, 2.0]), "bn1.num_batches_tracked": np.array(7)}
BIASES = draw(1, conv1__bias=M, conv_h__bias=C, conv_w__bias=C)

X = np.random.default_rng(3).normal(size=(2, 4, 5, C))


def matrix(weight):
    """(in, out) of a 1x1 convolution, one number at a time."""
    out, inputs = weight.shape[:2]
    return np.array([[weight[o, i, 0, 0] for o in range(out)] for i in range(inputs)])


def loaded(layer, state_dict):
    layer.build(X.shape)
    assert layers.load_timm(layer, state_dict) is layer
    return layer


def output(layer, x=X):
    return keras.ops.convert_to_numpy(layer(x))


def check(layer, state_dict, want):
    np.testing.assert_allclose(output(loaded(layer, state_dict)), want, atol=2e-6)


def mlp_of(state_dict):
    return [
        matrix(state_dict["fc1.weight"]),
        state_dict.get("fc1.bias", np.zeros(M)),
        matrix(state_dict["fc2.weight"]),
        state_dict.get("fc2.bias", np.zeros(C)),
    ]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_se_in_both_formats(data_format):
    first = data_format == "channels_first"
    x = np.moveaxis(X, -1, 1) if first else X
    layer = layers.SqueezeExcitation(units=M, data_format=data_format)
    layer.build(x.shape)
    layers.load_timm(layer, SE)
    want = oracle.se_forward(x, *mlp_of(SE), data_format=data_format)
    np.testing.assert_allclose(output(layer, x), want, atol=2e-6)


def test_weights_of_linear_layers():
    linear = {name: array.reshape(array.shape[:2]) if array.ndim == 4 else array for name, array in SE.items()}
    check(layers.SqueezeExcitation(units=M), linear, oracle.se_forward(X, *mlp_of(SE)))


def test_channel_attention():
    check(layers.ChannelAttention(units=M), SE, oracle.channel_attention_forward(X, *mlp_of(SE)))


def test_eca():
    want = oracle.eca_forward(X, ECA["conv.weight"][0, 0])
    check(layers.EfficientChannelAttention(kernel_size=3), ECA, want)


def spatial(x):
    pooled = oracle.channel_pool(x)
    logits = oracle.conv2d_same(pooled, np.moveaxis(SPATIAL["conv.conv.weight"][0], 0, -1))
    logits = 1.5 * (logits - 0.5) / np.sqrt(4 + 1e-5) - 0.25
    return oracle.apply_spatial_gate(x, oracle.sigmoid(logits))


def test_spatial_attention_with_its_norm():
    check(layers.SpatialAttention(kernel_size=5, norm=True), SPATIAL, spatial(X))


def test_spatial_attention_without_a_norm():
    kernel = np.moveaxis(SPATIAL["conv.conv.weight"][0], 0, -1)
    alone = {"conv.conv.weight": SPATIAL["conv.conv.weight"]}
    check(layers.SpatialAttention(kernel_size=5), alone, oracle.spatial_attention_forward(X, kernel))


def test_cbam():
    mlp = mlp_of({name: array for name, array in SE.items() if "bias" not in name})
    layer = layers.CBAM(units=M, kernel_size=5, use_bias=False, norm=True)
    check(layer, CBAM, spatial(oracle.channel_attention_forward(X, *mlp)))


@pytest.mark.parametrize("fusion", ["add", "scale"])
def test_global_context(fusion):
    state_dict = {name.replace("mlp_add", f"mlp_{fusion}"): array for name, array in CONTEXT.items()}
    mlp = {name.removeprefix("mlp_add."): array for name, array in CONTEXT.items()}
    w1, b1, w2, b2 = mlp_of(mlp)
    kernel = CONTEXT["conv_attn.weight"][0, :, 0, 0]
    want = oracle.global_context_forward(
        X, kernel, w1, b1, mlp["norm.weight"], mlp["norm.bias"], w2, b2, fusion=fusion, epsilon=1e-6
    )
    check(layers.GlobalContext(units=M, fusion=fusion, epsilon=1e-6), state_dict, want)


def coordinate(state_dict):
    norm = [state_dict[f"bn1.{name}"] for name in ("weight", "bias", "running_mean", "running_var")]
    no_bias = np.zeros(C)
    return oracle.coordinate_attention_forward(
        X,
        matrix(state_dict["conv1.weight"]),
        *norm,
        matrix(state_dict["conv_h.weight"]),
        state_dict.get("conv_h.bias", no_bias),
        matrix(state_dict["conv_w.weight"]),
        state_dict.get("conv_w.bias", no_bias),
    )


def test_coordinate_attention():
    check(layers.CoordinateAttention(units=M, use_bias=False), COORDINATE, coordinate(COORDINATE))


def test_the_norm_takes_the_bias_before_it():
    shifted = COORDINATE | {"bn1.running_mean": COORDINATE["bn1.running_mean"] - BIASES["conv1.bias"]}
    check(layers.CoordinateAttention(units=M), COORDINATE | BIASES, coordinate(shifted | BIASES))


class Tensor:
    """As much of a PyTorch tensor with a gradient, on a GPU, as can be had without PyTorch."""

    def __init__(self, array, steps=("detach", "cpu", "double")):
        self.array, self.steps = array, steps

    def __getattr__(self, step):
        if step == "numpy" and not self.steps:
            return lambda: np.asarray(self.array, np.float64)
        if self.steps and step == self.steps[0]:
            return lambda: Tensor(self.array, self.steps[1:])
        raise AttributeError(step)


def test_tensors():
    tensors = {name: Tensor(array) for name, array in SE.items()}
    check(layers.SqueezeExcitation(units=M), tensors, oracle.se_forward(X, *mlp_of(SE)))


def se(**more):
    layer = layers.SqueezeExcitation(**{"units": M} | more)
    layer.build(X.shape)
    return layer


@pytest.mark.parametrize(
    ("layer", "state_dict", "message"),
    [
        (se, {"fc1.weight": 0, "fc1.bias": 0}, "Missing: fc2.bias, fc2.weight. Unexpected: none."),
        (se, SE | {"bn.weight": 0}, "Missing: none. Unexpected: bn.weight."),
        (lambda: se(use_bias=False), SE, "Unexpected: fc1.bias, fc2.bias. .* use_bias=True"),
        (lambda: se(units=2), SE, r"fc1.weight has shape \(3, 6, 1, 1\), but \(2, 6, 1, 1\) is needed.*units"),
        (se, SE | {"fc2.bias": np.zeros(4)}, r"fc2.bias has shape \(4,\), but \(6,\)"),
        (se, SE | {"fc2.weight": np.zeros((C, M, 3, 3))}, r"fc2.weight has shape \(6, 3, 3, 3\), but \(6, 3, 1, 1\)"),
        (lambda: se(start="identity"), SE, 'start is "identity".*Make the layer with start="random"'),
        (lambda: layers.SqueezeExcitation(), SE, "no weights yet"),
    ],
)
def test_refused(layer, state_dict, message):
    layer = layer()
    before = layer.get_weights()
    with pytest.raises(ValueError, match=f"^SqueezeExcitation: .*{message}"):
        layers.load_timm(layer, state_dict)
    for old, new in zip(before, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_refused_blocks():
    layer = layers.CBAM(units=M, kernel_size=5, use_bias=False, norm=True, start="identity")
    layer.build(X.shape)
    with pytest.raises(ValueError, match='CBAM: start is "identity"'):
        layers.load_timm(layer, CBAM)
    layer = layers.SpatialAttention(kernel_size=5)
    layer.build(X.shape)
    with pytest.raises(ValueError, match="Unexpected: conv.bn.bias, .* norm=True"):
        layers.load_timm(layer, SPATIAL)
    layer = layers.SimAM()
    layer.build(X.shape)
    with pytest.raises(TypeError, match="SimAM: there is no timm module .*Give one of SqueezeExcitation, "):
        layers.load_timm(layer, {})


def test_a_quantised_layer_is_refused():
    model = keras.Sequential([keras.Input(X.shape[1:]), layers.SqueezeExcitation(units=M)])
    model.quantize("int8")
    with pytest.raises(ValueError, match="the layer is quantised. Load the weights first"):
        layers.load_timm(model.layers[0], SE)


def test_a_term_that_is_added_may_start_at_zero():
    layer = loaded(layers.GlobalContext(units=M, start="identity"), CONTEXT)
    np.testing.assert_allclose(output(layer), output(loaded(layers.GlobalContext(units=M), CONTEXT)), atol=1e-7)
