# exercise: eca_kernel_size
# kind: wrong
# score: 0
# says: default
import math


def eca_kernel_size(channels, gamma, b):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1
