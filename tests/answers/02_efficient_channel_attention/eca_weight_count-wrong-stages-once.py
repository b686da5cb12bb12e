# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: counted once
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    return sum(eca_kernel_size(w) for w in widths)
