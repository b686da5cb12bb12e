# exercise: eca_kernel_size
# kind: wrong
# score: 1
# says: b is left out
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs(math.log2(channels) / gamma))
    return t if t % 2 else t + 1
