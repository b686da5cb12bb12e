# exercise: eca_kernel_size
# kind: wrong
# score: 3.75
# says: absolute value
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int((math.log2(channels) + b) / gamma)
    return t if t % 2 else t + 1
