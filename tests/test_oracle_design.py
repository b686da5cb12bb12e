"""The right answers to the tasks of design: a kernel with three gates, and a test that one fault alone fails."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attention_course import oracle
from attention_course.exercises.cbam.cases import FAULTY, HIDDEN, SHOWS, differences
from attention_course.oracle.design import FAULTS, spot_kernel, telling_case


def gates(x, kernel):
    return oracle.sigmoid(oracle.conv2d_same(oracle.channel_pool(x), kernel))


def test_a_spot_kernel_by_hand():
    """Logits ln 9, 0 and -ln 9; with two channels the mean of one that is 1 is one half."""
    kernel = spot_kernel(3, 2, 0.9, 0.5, 0.1)
    np.testing.assert_allclose(kernel[1, 1], [2 * np.log(9), -np.log(9)])
    np.testing.assert_allclose(kernel[0, 0], [-2 * np.log(9) / 8, 0])


@given(
    size=st.sampled_from([3, 5, 7]),
    channels=st.integers(2, 20),
    asked=st.lists(st.floats(0.05, 0.95), min_size=3, max_size=3),
    seed=st.integers(0, 1000),
)
def test_a_spot_kernel_does_what_is_asked(size, channels, asked, seed):
    kernel = spot_kernel(size, channels, *asked)
    maps = np.zeros((3, 2 * size + 1, 2 * size + 1, channels))
    maps[0, size, size] = maps[1, size, size, -1] = maps[2] = 1
    np.testing.assert_allclose(gates(maps, kernel)[:, size, size], asked)
    x = np.random.default_rng(seed).normal(size=(1, 6, 9, channels))
    turned = gates(np.rot90(x, axes=(1, 2)), kernel)
    np.testing.assert_allclose(turned, np.rot90(gates(x, kernel), axes=(1, 2)))


@given(
    fault=st.sampled_from(FAULTS),
    shape=st.tuples(st.integers(1, 4), st.integers(2, 7), st.integers(2, 7), st.integers(2, 7)),
    m=st.integers(2, 7),
)
def test_a_telling_case_catches_its_fault_alone(fault, shape, m):
    case = telling_case(fault, list(shape), m)
    assert [np.shape(array) for array in case] == [shape, (shape[3], m), (m,), (m, shape[3]), (shape[3],), (7, 7, 2)]
    off = differences(case)
    assert off.pop(fault) >= SHOWS and max(off.values()) <= HIDDEN


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one(fault):
    """On numbers that hide nothing each wrong block gives something else."""
    rng = np.random.default_rng(3)
    case = [rng.normal(size=size) for size in ((2, 5, 4, 6), (6, 3), (3,), (3, 6), (6,))]
    case.append(rng.normal(size=(7, 7, 2)) / 10)
    assert np.abs(FAULTY[fault](*case) - oracle.cbam_forward(*case)).max() > 1000 * HIDDEN
