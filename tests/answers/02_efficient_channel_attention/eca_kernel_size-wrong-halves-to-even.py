# exercise: eca_kernel_size
# kind: wrong
# score: 3.75
# says: Halves
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = abs((math.log2(channels) + b) / gamma)
    return 2 * round((t - 1) / 2) + 1
