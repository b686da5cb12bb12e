"""The oracle's further blocks, by hand and against plain loops. What holds of all functions of a map: test_oracle."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attention_course import oracle
from tests.support.oracle_inputs import draw, further_inputs, logistic


def test_scse_by_hand():
    x = np.array([[[[0.0, -4.0], [2.0, 0.0]]]])  # one row, two columns: means 1 and -2
    # One hidden unit: relu(1 * 1 + (-1) * (-2) + 0.5) = 3.5, so the channel logits are 7 - 7 and -3.5 + 1.
    mlp = ([[1.0], [-1.0]], [0.5], [[2.0, -1.0]], [-7.0, 1.0])
    # The spatial logits are 3 * 0 + 1 * (-4) + 1 = -3 and 3 * 2 + 1 * 0 + 1 = 7.
    got = oracle.scse_forward(x, *mlp, [3.0, 1.0], 1.0)
    want = [[0, -4 * (logistic(-2.5) + logistic(-3))], [2 * (0.5 + logistic(7)), 0]]
    np.testing.assert_allclose(got[0, 0], want, rtol=1e-14)


def test_scse_is_the_sum_of_its_halves():
    x, arguments = further_inputs(1)
    w1, b1, w2, b2, kernel, bias = arguments["scse_forward"]
    spatial = oracle.apply_spatial_gate(x, oracle.sigmoid(x @ kernel + bias))
    want = oracle.se_forward(x, w1, b1, w2, b2) + spatial
    np.testing.assert_allclose(oracle.scse_forward(x, w1, b1, w2, b2, kernel, bias), want, atol=1e-14)


def test_scse_with_zero_maps_is_the_identity():
    x, arguments = further_inputs(2)
    w1, b1, w2, b2, kernel, bias = arguments["scse_forward"]
    np.testing.assert_array_equal(oracle.scse_forward(x, w1, b1, 0 * w2, 0 * b2, 0 * kernel, 0 * bias), x)


def test_softmax_by_hand_and_without_overflow():
    with np.errstate(over="raise", invalid="raise"):
        got = oracle.softmax([[0.0, math.log(2), math.log(5)], [1000.0, 1000.0, -1000.0]])
    np.testing.assert_allclose(got, [[1 / 8, 2 / 8, 5 / 8], [0.5, 0.5, 0.0]], rtol=1e-14)


def test_context_attention_by_hand():
    x = np.array([[[[0.0, 3.0], [math.log(3), 7.0]], [[math.log(5), 0.0], [0.0, 0.0]]]])
    got = oracle.context_attention(x, [1.0, 0.0])  # logits 0, log 3 / log 5, 0
    np.testing.assert_allclose(got, [[[0.1, 0.3], [0.5, 0.1]]], rtol=1e-14)


def test_context_attention_is_attention_with_one_shared_query():
    x, arguments = further_inputs(4)
    (kernel,) = arguments["context_attention"]
    rows = x.reshape(2, -1, 4)
    scores = np.exp(rows @ kernel)
    attended = (scores / scores.sum(axis=1, keepdims=True))[:, None, :] @ rows  # softmax(q K^T) V
    map_ = oracle.context_attention(x, kernel)
    np.testing.assert_allclose(np.einsum("bhw,bhwc->bc", map_, x), attended[:, 0], atol=1e-14)
    np.testing.assert_allclose(map_.sum(axis=(1, 2)), 1, rtol=1e-14)


def test_layer_norm_by_hand():
    # Mean 2 and variance 8 / 3 with epsilon 4 / 3: divided by 2.
    got = oracle.layer_norm([[0.0, 2.0, 4.0]], [1.0, 3.0, 2.0], [0.0, 5.0, 1.0], epsilon=4 / 3)
    np.testing.assert_allclose(got, [[-1, 5, 3]], rtol=1e-14)


def test_global_context_by_hand():
    # The logits log 3 and 0 weigh the two positions by 3 / 4 and 1 / 4, so the context is 3 and 2.
    x = np.array([[[[4.0, 0.0], [0.0, 8.0]]]])
    kernel = [math.log(3) / 4, 0.0]
    # Two hidden units, 3 + 1 and 2 - 2: normalised with epsilon 0 they are 1 and -1; the ReLU cuts the second off.
    arguments = (kernel, np.eye(2), [1.0, -2.0], [2.0, 1.0], [0.5, 0.0], [[1.0, -2.0], [9.0, 9.0]], [0.5, 5.0])
    t = np.array([2.5 + 0.5, -2 * 2.5 + 5])
    added = oracle.global_context_forward(x, *arguments, epsilon=0)
    np.testing.assert_allclose(added, x + t, rtol=1e-14)
    scaled = oracle.global_context_forward(x, *arguments, fusion="scale", epsilon=0)
    np.testing.assert_allclose(scaled, x * [logistic(3), 0.5], rtol=1e-14)


def test_hard_swish_by_hand():
    np.testing.assert_allclose(oracle.hard_swish([-4, -3, -1, 0, 1, 3, 5]), [0, 0, -1 / 3, 0, 2 / 3, 3, 5], rtol=1e-15)


def test_coordinate_attention_by_hand():
    # Two rows, three columns, one channel: row means 2 and -3, column means -2, -0.5 and 1.
    x = np.array([[[1.0], [2.0], [3.0]], [[-5.0], [-3.0], [-1.0]]])[None]
    # One hidden unit, 2 v; the norm subtracts 1, divides by sqrt(3 + 1) = 2, times 4, plus 1: 4 v - 1.
    norm = ([4.0], [1.0], [1.0], [3.0])
    # hard_swish(7) = 7 and hard_swish(-13) = 0; of -9, -3 and 3 it is 0, 0 and 3.
    got = oracle.coordinate_attention_forward(x, [[2.0]], *norm, [[0.5]], [-3.0], [[-1.0]], [2.0], epsilon=1.0)
    rows, columns = [logistic(0.5), logistic(-3)], [logistic(2), logistic(2), logistic(-1)]
    np.testing.assert_allclose(got[0, :, :, 0], x[0, :, :, 0] * np.outer(rows, columns), rtol=1e-14)


def test_simam_by_hand():
    # Mean 2, distances -2, 0, 0 and 2: the sum of squares is 8, divided by 3 others.
    x = np.array([[[[0.0], [2.0]], [[2.0], [4.0]]]])
    got = oracle.simam_forward(x, e_lambda=1 / 3)
    want = [[0, 2 * logistic(0.5)], [2 * logistic(0.5), 4 * logistic(4 / (4 * 3) + 0.5)]]
    np.testing.assert_allclose(got[0, :, :, 0], want, rtol=1e-14)


def test_simam_of_one_position():
    x = np.array([[[[3.0, -2.0]]]])
    np.testing.assert_allclose(oracle.simam_forward(x), x * logistic(0.5), rtol=1e-15)


def plain_global_context(x, kernel, w1, b1, gamma, beta, w2, b2, fusion):
    """Global context one number at a time."""
    batch, height, width, channels = x.shape
    out = np.zeros(x.shape)
    places = [(y, z) for y in range(height) for z in range(width)]
    for n in range(batch):
        scores = {p: math.exp(sum(kernel[c] * x[n][p][c] for c in range(channels))) for p in places}
        total = sum(scores.values())
        context = [sum(scores[p] / total * x[n][p][c] for p in places) for c in range(channels)]
        hidden = [b1[u] + sum(context[c] * w1[c, u] for c in range(channels)) for u in range(len(b1))]
        mean = sum(hidden) / len(hidden)
        deviation = math.sqrt(sum((h - mean) ** 2 for h in hidden) / len(hidden) + 1e-5)
        hidden = [max(0.0, gamma[u] * (h - mean) / deviation + beta[u]) for u, h in enumerate(hidden)]
        for c in range(channels):
            t = b2[c] + sum(h * w2[u, c] for u, h in enumerate(hidden))
            out[n, :, :, c] = x[n, :, :, c] + t if fusion == "add" else x[n, :, :, c] * logistic(t)
    return out


@pytest.mark.parametrize("fusion", ["add", "scale"])
@pytest.mark.parametrize("seed", range(3))
def test_global_context_against_plain_loops(seed, fusion):
    x, arguments = further_inputs(seed, bottleneck=3)
    weights = arguments["global_context_forward"]
    got = oracle.global_context_forward(x, *weights, fusion=fusion)
    np.testing.assert_allclose(got, plain_global_context(x, *weights, fusion), atol=1e-12)


def plain_coordinate_attention(x, w1, gamma, beta, mean, variance, w_rows, b_rows, w_columns, b_columns):
    """Coordinate attention one number at a time."""
    batch, height, width, channels = x.shape

    def gate(v, w, b, c):
        total = b[c]
        for u in range(len(gamma)):
            h = sum(v[i] * w1[i, u] for i in range(channels))
            h = gamma[u] * (h - mean[u]) / math.sqrt(variance[u] + 1e-5) + beta[u]
            total += h * min(max(h + 3, 0), 6) / 6 * w[u, c]
        return logistic(total)

    out = np.zeros(x.shape)
    for n in range(batch):
        for y in range(height):
            for z in range(width):
                row, column = sum(x[n, y]) / width, sum(x[n, :, z]) / height
                for c in range(channels):
                    gates = gate(row, w_rows, b_rows, c) * gate(column, w_columns, b_columns, c)
                    out[n, y, z, c] = x[n, y, z, c] * gates
    return out


@pytest.mark.parametrize("seed", range(3))
def test_coordinate_attention_against_plain_loops(seed):
    x, arguments = further_inputs(seed)
    weights = arguments["coordinate_attention_forward"]
    got = oracle.coordinate_attention_forward(x, *weights)
    np.testing.assert_allclose(got, plain_coordinate_attention(x, *weights), atol=1e-12)


@given(st.integers(1, 3), st.integers(1, 6), st.integers(1, 6), st.integers(1, 3), st.floats(1e-6, 10))
@settings(max_examples=40, deadline=None)
def test_simam_is_the_inverse_of_the_least_energy(batch, height, width, channels, e_lambda):
    (x,) = draw(height, (batch, height, width, channels))
    out = np.zeros(x.shape)
    for n in range(batch):
        for c in range(channels):
            values = x[n, :, :, c]
            mean = values.mean()
            variance = np.sum((values - mean) ** 2) / max(values.size - 1, 1)
            # Equation 5 of the paper, as it is printed.
            energy = 4 * (variance + e_lambda) / ((values - mean) ** 2 + 2 * variance + 2 * e_lambda)
            out[n, :, :, c] = values / (1 + np.exp(-1 / energy))
    np.testing.assert_allclose(oracle.simam_forward(x, e_lambda=e_lambda), out, atol=1e-12)


def test_global_context_refuses_another_fusion():
    x, arguments = further_inputs(0)
    with pytest.raises(ValueError, match="fusion is 'both', but one of add, scale is needed"):
        oracle.global_context_forward(x, *arguments["global_context_forward"], fusion="both")
