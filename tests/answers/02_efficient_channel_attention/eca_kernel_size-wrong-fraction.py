# exercise: eca_kernel_size
# kind: wrong
# score: 0
# says: type float
import math


def eca_kernel_size(channels, gamma=2, b=1):
    return abs((math.log2(channels) + b) / gamma)
