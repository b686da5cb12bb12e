# exercise: eca_kernel_size
# kind: wrong
# score: 0.25
# says: exchanged
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + gamma) / b))
    return t if t % 2 else t + 1
