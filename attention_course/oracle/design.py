"""Right answers to the tasks of design: a kernel made by hand, and the test case that one fault alone fails.

Many answers are right here. The judge looks at what an answer does, and these are the ones that it has at hand.
"""

import numpy as np

FAULTS = ("gate from x", "b2 once", "no ReLU", "max first", "flipped kernel")  # of a CBAM block


def spot_kernel(size, channels, spot, single, plain):
    """A kernel (size, size, 2) whose spatial gate has three given values on maps of zeros and ones.

    There are `channels` channels. The gate is `spot` where all of them are 1 and `single` where one of them is, with
    zeros around both, and `plain` where all are 1 as far as the kernel reaches. A quarter turn of the map turns the
    gates with it.
    """
    spot, single, plain = (np.log(gate) - np.log1p(-gate) for gate in (spot, single, plain))
    mean, largest = np.linalg.solve([[1, 1], [1 / channels, 1]], [spot, single])
    kernel = np.zeros((size, size, 2))
    kernel[:, :, 0] = (plain - spot) / (size * size - 1)
    kernel[size // 2, size // 2] = mean, largest
    return kernel


def telling_case(fault, shape, m):
    """Inputs (x, w1, b1, w2, b2, kernel) of a CBAM block on which this fault shows and no other one of FAULTS does.

    x has the given shape (B, H, W, C), m is the width of the bottleneck, the kernel is (7, 7, 2).
    """
    channels = shape[3]
    x = 1 + np.arange(np.prod(shape), dtype=np.float64).reshape(shape) % 7 % 5  # above zero, and nowhere flat
    w1, b1 = np.zeros((channels, m)), np.ones(m)  # every hidden value is 1: the ReLU changes nothing
    w2, b2, kernel = np.zeros((m, channels)), np.zeros(channels), np.zeros((7, 7, 2))
    if fault == "b2 once":
        b2 += 1  # and the kernel of zeros hides the spatial half
    elif fault == "no ReLU":
        b1 -= 2
        w2 += 1
    elif fault == "gate from x":
        kernel[3, 3] = 0.2  # one tap in the middle for both maps; the channel gates are one half
    else:
        w2 += 40  # every channel gate is 1: the refined map is x
        if fault == "max first":
            kernel[3, 3] = 1, -1
        else:
            kernel[0, 0], kernel[3, 2], kernel[2, 3] = 0.1, 0.3, -0.3
    return x, w1, b1, w2, b2, kernel
