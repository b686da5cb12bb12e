# exercise: eca_kernel_size
# kind: wrong
# score: 4.75
# says: type float
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = abs((math.log2(channels) + b) / gamma) // 1
    return t if t % 2 else t + 1
