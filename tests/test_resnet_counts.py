"""The weight counts of ResNets with and without attention, from the layers' own weights."""

from functools import cache

import pytest

from attention_course import layers as reference
from attention_course import oracle

BLOCKS_OF_STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
# The kernel sizes in the names of the official repository's models, one a stage.
README_SIZES = {18: (3, 5, 7, 7), 34: (3, 3, 5, 7), 50: (3, 5, 5, 7), 101: (3, 3, 5, 7), 152: (3, 3, 5, 7)}

# What each network weighs in all: plain, SE, SE without biases, ECA, ECA as in the README, CBAM as in its code.
TABLE = {
    18: (11_689_512, 11_778_592, 11_776_552, 11_689_548, 11_689_556, 11_779_392),
    34: (21_797_672, 21_958_868, 21_954_856, 21_797_746, 21_797_744, 21_960_468),
    50: (25_557_032, 28_088_024, 28_071_976, 25_557_118, 25_557_112, 28_089_624),
    101: (44_549_160, 49_326_872, 49_292_328, 44_549_331, 44_549_317, 49_330_172),
    152: (60_192_808, 66_821_848, 66_770_984, 60_193_064, 60_193_042, 66_826_848),
}


def stage_widths(depth):
    """The channels of a block's output, one entry a stage: a basic block keeps its width, a bottleneck makes it 4x."""
    return [64, 128, 256, 512] if depth < 50 else [256, 512, 1024, 2048]


def plain_resnet(depth):
    """The weights of a ResNet for 1000 classes: convolutions without bias, each with a batch norm of two a channel."""

    def convolution(size, channels_in, channels_out):
        return size * size * channels_in * channels_out + 2 * channels_out

    total = convolution(7, 3, 64)
    channels_in = 64
    for inner, width, blocks in zip((64, 128, 256, 512), stage_widths(depth), BLOCKS_OF_STAGES[depth], strict=True):
        for _ in range(blocks):
            if depth < 50:
                total += convolution(3, channels_in, width) + convolution(3, width, width)
            else:
                total += convolution(1, channels_in, inner) + convolution(3, inner, inner)
                total += convolution(1, inner, width)
            if channels_in != width:
                total += convolution(1, channels_in, width)  # the projection of the shortcut
            channels_in = width
    return total + channels_in * 1000 + 1000


@cache
def layer_weights(kind, channels, **arguments):
    """The trainable weights of one layer as Keras builds it."""
    layer = getattr(reference, kind)(**arguments)
    layer.build((None, None, None, channels))
    return sum(weight.shape.num_elements() for weight in layer.trainable_weights)


def overhead(depth, kind, sizes=(None,) * 4, **arguments):
    """The weights of one attention layer behind every block."""
    total = 0
    for width, blocks, size in zip(stage_widths(depth), BLOCKS_OF_STAGES[depth], sizes, strict=True):
        more = arguments if size is None else {**arguments, "kernel_size": size}
        total += blocks * layer_weights(kind, width, **more)
    return total


@pytest.mark.parametrize("depth", TABLE)
def test_every_row_of_the_table(depth):
    plain = plain_resnet(depth)
    assert TABLE[depth] == (
        plain,
        plain + overhead(depth, "SqueezeExcitation"),
        plain + overhead(depth, "SqueezeExcitation", use_bias=False),
        plain + overhead(depth, "EfficientChannelAttention"),
        plain + overhead(depth, "EfficientChannelAttention", sizes=README_SIZES[depth]),
        plain + overhead(depth, "CBAM", norm=True),
    )


@pytest.mark.parametrize("depth", TABLE)
def test_the_oracle_counts_the_same(depth):
    plain, with_se, without_bias, with_eca, _, _ = TABLE[depth]
    widths, blocks = stage_widths(depth), list(BLOCKS_OF_STAGES[depth])
    assert oracle.resnet_overhead(widths, blocks) == with_se - plain
    assert oracle.eca_weight_count(widths, blocks) == with_eca - plain
    no_bias = [count * oracle.se_weight_count(width, bias=False) for width, count in zip(widths, blocks, strict=True)]
    assert sum(no_bias) == without_bias - plain


def test_the_numbers_people_quote_for_resnet_50():
    plain, with_se, *_ = TABLE[50]
    assert with_se - plain == 2_530_992
    assert 100 * (with_se - plain) / plain == pytest.approx(9.90, abs=0.005)
    assert round(plain / 2**20, 2) == 24.37  # ECA's table divides by 2 ** 20
    assert overhead(50, "EfficientChannelAttention", sizes=(3,) * 4) == 48
