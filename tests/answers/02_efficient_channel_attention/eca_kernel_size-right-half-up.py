# exercise: eca_kernel_size
# kind: right
# score: 5
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = abs(math.log2(channels) / gamma + b / gamma)
    half = (t - 1) / 2
    return 2 * math.floor(half + 0.5) + 1
