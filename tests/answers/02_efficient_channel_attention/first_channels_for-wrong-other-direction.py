# exercise: first_channels_for
# kind: wrong
# score: 0.5
# says: not the count of a size
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    return eca_kernel_size(k, gamma, b)
