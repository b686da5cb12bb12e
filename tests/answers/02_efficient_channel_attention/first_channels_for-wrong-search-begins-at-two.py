# exercise: first_channels_for
# kind: wrong
# score: 2.5
# says: smallest network
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    channels = 2
    while eca_kernel_size(channels, gamma, b) < k:
        channels += 1
    return channels
