# exercise: first_channels_for
# kind: right
# score: 4
from itertools import count
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    return next(c for c in count(1) if eca_kernel_size(c, gamma, b) >= k)
