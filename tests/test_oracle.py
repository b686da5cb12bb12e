"""The oracle's forward functions against cases worked by hand, plain loops and SciPy."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from attention_course import oracle
from tests.support.oracle_inputs import block_inputs, draw, logistic, map_functions

# Two rows, two columns, three channels: channel 0 is 1 2 / 3 6, channel 1 is all -1, channel 2 is -4 0 / 0 8.
SMALL = np.array([[[[1, -1, -4], [2, -1, 0]], [[3, -1, 0], [6, -1, 8]]]])


def test_sigmoid_by_hand_and_without_overflow():
    with np.errstate(over="raise", invalid="raise"):
        got = oracle.sigmoid([0.0, math.log(3), -math.log(3), 1000.0, -1000.0])
    np.testing.assert_allclose(got, [0.5, 0.75, 0.25, 1.0, 0.0], rtol=1e-15)
    assert oracle.sigmoid(-700.0) == pytest.approx(math.exp(-700), rel=1e-12)  # not rounded to 0


def test_relu_by_hand():
    np.testing.assert_array_equal(oracle.relu([[-2, 0], [3, -0.5]]), [[0, 0], [3, 0]])


def test_pools_by_hand():
    np.testing.assert_array_equal(oracle.global_average_pool(SMALL), [[3, -1, 1]])
    np.testing.assert_array_equal(oracle.global_max_pool(SMALL), [[6, -1, 8]])
    assert oracle.squeeze is oracle.global_average_pool
    pooled = oracle.channel_pool(SMALL)
    np.testing.assert_allclose(pooled[0, :, :, 0], [[-4 / 3, 1 / 3], [2 / 3, 13 / 3]], rtol=1e-15)
    np.testing.assert_array_equal(pooled[0, :, :, 1], [[1, 2], [3, 8]])


def test_pools_keep_samples_apart():
    x = np.stack([SMALL[0], -SMALL[0]])
    np.testing.assert_array_equal(oracle.global_average_pool(x), [[3, -1, 1], [-3, 1, -1]])
    np.testing.assert_array_equal(oracle.global_max_pool(x), [[6, -1, 8], [-1, 1, 4]])


def test_gates_by_hand():
    scaled = oracle.apply_channel_gate(SMALL, [[2, 3, 0.5]])
    np.testing.assert_array_equal(scaled[0, 1], [[6, -3, 0], [12, -3, 4]])
    placed = oracle.apply_spatial_gate(SMALL, [[[1, 2], [0, -1]]])
    np.testing.assert_array_equal(placed[0], [[[1, -1, -4], [4, -2, 0]], [[0, 0, 0], [-6, 1, -8]]])


def test_transposes_by_index_and_as_copies():
    x = np.arange(2 * 3 * 5 * 4, dtype=np.float64).reshape(2, 3, 5, 4)
    first = oracle.to_channels_first(x)
    assert first.shape == (2, 4, 3, 5)
    assert first[1, 3, 2, 4] == x[1, 2, 4, 3]
    assert first[0, 1, 2, 3] == x[0, 2, 3, 1]
    np.testing.assert_array_equal(oracle.to_channels_last(first), x)
    assert not np.shares_memory(first, x)
    assert not np.shares_memory(oracle.to_channels_last(first), first)


# One hidden unit: relu(1 * 1 + (-1) * (-2) + 0.5) = 3.5, so the logits are 7 - 7 and -3.5 + 1.
MLP = ([[1.0], [-1.0]], [0.5], [[2.0, -1.0]], [-7.0, 1.0])


def test_shared_mlp_and_excite_by_hand():
    z = [[1.0, -2.0], [-2.0, 1.0]]  # in the second row the hidden unit is cut off, and the biases remain
    np.testing.assert_allclose(oracle.shared_mlp(z, *MLP), [[0, -2.5], [-7, 1]], atol=1e-15)
    want = [[0.5, logistic(-2.5)], [logistic(-7), logistic(1)]]
    np.testing.assert_allclose(oracle.excite(z, *MLP), want, rtol=1e-14)


def test_se_and_channel_attention_by_hand():
    x = np.array([[[[0.0, -4.0], [2.0, 0.0]]]])  # one row, two columns: means 1, -2 and maxima 2, 0
    se = oracle.se_forward(x, *MLP)
    np.testing.assert_allclose(se[0, 0], [[0, -4 * logistic(-2.5)], [2 * 0.5, 0]], rtol=1e-14)
    # The maxima give a hidden 2.5 and the logits -2 and -1.5; both b2 are in the sum.
    both = oracle.channel_attention_forward(x, *MLP)
    np.testing.assert_allclose(both[0, 0], [[0, -4 * logistic(-4)], [2 * logistic(-2), 0]], rtol=1e-14)


def test_the_second_bias_counts_twice():
    x, w1, b1, w2, b2, _, _ = block_inputs(3)
    got = oracle.channel_attention_forward(x, w1, b1, 0 * w2, b2)
    np.testing.assert_allclose(got, x / (1 + np.exp(-2 * b2)), rtol=1e-13)


def test_band_matrix_by_hand():
    want = [[2, 3, 0, 0], [1, 2, 3, 0], [0, 1, 2, 3], [0, 0, 1, 2]]
    np.testing.assert_array_equal(oracle.band_matrix([1, 2, 3], 4), want)
    np.testing.assert_array_equal(oracle.band_matrix([1, 2, 3, 4, 5], 2), [[3, 4], [2, 3]])
    np.testing.assert_array_equal(oracle.band_matrix([1, 2, 3, 4, 5, 6, 7], 1), [[4]])


def test_eca_by_hand():
    x = np.array([[[[1.0, 0.0, -1.0], [3.0, 2.0, -1.0]]]])  # means 2, 1, -1
    logits = [2 * 2 + 3 * 1, 1 * 2 + 2 * 1 + 3 * -1, 1 * 1 + 2 * -1]  # kernel 1, 2, 3 from left to right
    want = x * np.array([logistic(t) for t in logits])
    np.testing.assert_allclose(oracle.eca_forward(x, [1.0, 2.0, 3.0]), want, rtol=1e-14)


@given(st.integers(1, 9), st.sampled_from([1, 3, 5, 7]), st.integers(0, 999))
@settings(max_examples=60, deadline=None)
def test_band_matrix_is_a_convolution(channels, size, seed):
    z, kernel = draw(seed, channels, size)
    want = ndimage.correlate1d(z, kernel, mode="constant")
    np.testing.assert_allclose(oracle.band_matrix(kernel, channels) @ z, want, atol=1e-13)


def test_conv2d_moves_the_map_and_does_not_flip():
    d = np.arange(1.0, 7).reshape(1, 2, 3, 1)
    kernel = np.zeros((3, 3, 1))
    kernel[1, 2, 0] = 1  # looks one column to the right, so the map moves left
    np.testing.assert_array_equal(oracle.conv2d_same(d, kernel)[0], [[2, 3, 0], [5, 6, 0]])
    np.testing.assert_array_equal(oracle.conv2d_same(d, np.ones((3, 3, 1)))[0], [[12, 21, 16], [12, 21, 16]])


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.sampled_from([1, 3, 5, 7]))
@settings(max_examples=60, deadline=None)
def test_conv2d_against_scipy(batch, height, width, depth, size):
    d, kernel = draw(size, (batch, height, width, depth), (size, size, depth))
    want = sum(
        np.stack([ndimage.correlate(sample[..., c], kernel[..., c], mode="constant") for sample in d])
        for c in range(depth)
    )
    np.testing.assert_allclose(oracle.conv2d_same(d, kernel), want, atol=1e-12)


def test_spatial_attention_takes_mean_then_max():
    kernel = np.zeros((1, 1, 2))
    kernel[0, 0] = 3, -1  # three times the mean less the maximum
    got = oracle.spatial_attention_forward(SMALL, kernel)
    gates = np.array([[logistic(-4 - 1), logistic(1 - 2)], [logistic(2 - 3), logistic(13 - 8)]])
    np.testing.assert_allclose(got[0], SMALL[0] * gates[..., None], rtol=1e-13)


def plain_cbam(x, w1, b1, w2, b2, kernel):
    """CBAM one number at a time, from the formulas of the paper."""
    batch, height, width, channels = x.shape
    refined, out = np.zeros(x.shape), np.zeros(x.shape)
    for n in range(batch):
        logits = 2 * b2
        for v in (x[n].mean(axis=(0, 1)), x[n].max(axis=(0, 1))):
            for unit in range(len(b1)):
                hidden = max(0.0, b1[unit] + sum(v[c] * w1[c, unit] for c in range(channels)))
                logits = logits + hidden * w2[unit]
        for c in range(channels):
            refined[n, :, :, c] = x[n, :, :, c] * logistic(logits[c])
        for row in range(height):
            for column in range(width):
                total = 0.0
                for i in range(7):
                    for j in range(7):
                        y, z = row + i - 3, column + j - 3
                        if 0 <= y < height and 0 <= z < width:
                            pixel = refined[n, y, z]
                            total += kernel[i, j, 0] * sum(pixel) / channels + kernel[i, j, 1] * max(pixel)
                out[n, row, column] = refined[n, row, column] * logistic(total)
    return out


@pytest.mark.parametrize("seed", range(3))
def test_cbam_against_plain_loops(seed):
    x, w1, b1, w2, b2, _, kernel = block_inputs(seed)
    got = oracle.cbam_forward(x, w1, b1, w2, b2, kernel)
    np.testing.assert_allclose(got, plain_cbam(x, w1, b1, w2, b2, kernel), atol=1e-12)


MAP_FUNCTIONS = map_functions()


@pytest.mark.parametrize("name", MAP_FUNCTIONS)
def test_map_functions_in_both_formats(name):
    function, (x, arguments) = getattr(oracle, name), MAP_FUNCTIONS[name]
    last = function(x, *arguments)
    first = function(np.moveaxis(x, -1, 1), *arguments, data_format="channels_first")
    np.testing.assert_allclose(first, np.moveaxis(last, -1, 1) if last.ndim == 4 else last, atol=1e-14)
    with pytest.raises(ValueError, match="data_format is 'NHWC'"):
        function(x, *arguments, data_format="NHWC")


@pytest.mark.parametrize("name", MAP_FUNCTIONS)
def test_map_functions_compute_in_float64_and_change_nothing(name):
    function, (x, arguments) = getattr(oracle, name), MAP_FUNCTIONS[name]
    given_arrays = [array.astype(np.float16) for array in (x, *arguments)]
    before = [array.copy() for array in given_arrays]
    got = function(*given_arrays)
    want = function(*[array.astype(np.float64) for array in before])
    assert got.dtype == np.float64
    assert not np.shares_memory(got, given_arrays[0])
    np.testing.assert_array_equal(got, want)
    for array, copy in zip(given_arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("name", MAP_FUNCTIONS)
def test_map_functions_refuse_what_broadcasting_would_repair(name):
    function, (x, arguments) = getattr(oracle, name), MAP_FUNCTIONS[name]
    with pytest.raises(ValueError, match="the feature map has shape"):
        function(x[0], *arguments)
    with pytest.raises(ValueError, match="empty axis"):
        function(x[:, :0], *arguments)
    for place, array in enumerate(arguments):
        for wrong in (array[..., None], array[:-1] if array.ndim else array[None, None]):
            even = name == "eca_forward" and wrong.ndim == 1  # of the right rank, and of an even size
            with pytest.raises(ValueError, match="has size 2" if even else "has shape"):
                function(x, *arguments[:place], wrong, *arguments[place + 1 :])


def test_kernels_must_be_odd_and_square():
    x = block_inputs(0)[0]
    with pytest.raises(ValueError, match="size 2, but an odd size"):
        oracle.eca_forward(x, [1.0, 2.0])
    with pytest.raises(ValueError, match="size 4, but an odd size"):
        oracle.spatial_attention_forward(x, np.ones((4, 4, 2)))
    with pytest.raises(ValueError, match="a square one is needed"):
        oracle.conv2d_same(x, np.ones((3, 5, 4)))
    with pytest.raises(ValueError, match="channels is 0"):
        oracle.band_matrix([1.0], 0)


def test_transposes_refuse_another_rank():
    for function in (oracle.to_channels_first, oracle.to_channels_last):
        with pytest.raises(ValueError, match="has shape"):
            function(np.ones((2, 3, 4)))


def test_the_oracle_needs_no_deep_learning_library():
    code = "import sys, attention_course.oracle; sys.exit(bool({'tensorflow', 'keras', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
