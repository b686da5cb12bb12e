# exercise: first_channels_for
# kind: wrong
# score: 2.5
# says: None
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    for channels in range(1, 5000):
        if eca_kernel_size(channels, gamma, b) >= k:
            return channels
