# exercise: eca_kernel_size
# kind: wrong
# score: 0.25
# says: goes down to the odd
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t - 1
