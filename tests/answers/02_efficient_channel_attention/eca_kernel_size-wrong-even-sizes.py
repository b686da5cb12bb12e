# exercise: eca_kernel_size
# kind: wrong
# score: 0.25
# says: not made odd
import math


def eca_kernel_size(channels, gamma=2, b=1):
    return int(abs((math.log2(channels) + b) / gamma))
