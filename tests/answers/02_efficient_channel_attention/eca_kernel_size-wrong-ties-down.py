# exercise: eca_kernel_size
# kind: wrong
# score: 3.75
# says: Ties go down
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = abs((math.log2(channels) + b) / gamma)
    return max(1, 2 * math.ceil(t / 2 - 1) + 1)
