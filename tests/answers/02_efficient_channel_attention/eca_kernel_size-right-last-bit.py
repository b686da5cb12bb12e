# exercise: eca_kernel_size
# kind: right
# score: 5
import math


def eca_kernel_size(channels, gamma=2, b=1):
    return math.floor(abs(math.log(channels, 2) + b) / gamma) | 1
