# exercise: eca_kernel_size
# kind: right
# score: 5
from math import floor, log2


def eca_kernel_size(channels, gamma=2, b=1):
    return 2 * floor(abs(log2(channels) / gamma + b / gamma) / 2) + 1
