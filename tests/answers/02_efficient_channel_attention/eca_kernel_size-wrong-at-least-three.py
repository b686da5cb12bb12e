# exercise: eca_kernel_size
# kind: wrong
# score: 4.25
# says: at 3 or above
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    k = t if t % 2 else t + 1
    return max(k, 3)
