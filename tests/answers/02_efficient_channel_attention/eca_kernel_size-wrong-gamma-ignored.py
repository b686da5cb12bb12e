# exercise: eca_kernel_size
# kind: wrong
# score: 3.75
# says: gamma is ignored
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs(math.log2(channels) + b) / 2)
    return t if t % 2 else t + 1
