# exercise: eca_kernel_size
# kind: wrong
# score: 1.5
# says: rounded up before
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = math.ceil(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1
