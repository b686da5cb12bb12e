# exercise: first_channels_for
# kind: right
# score: 4
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def first_channels_for(k, gamma=2, b=1):
    high = 1
    while eca_kernel_size(high, gamma, b) < k:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        if eca_kernel_size(middle, gamma, b) >= k:
            high = middle
        else:
            low = middle
    print("between", low, high)
    return high
