# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: last stage is not counted
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    total = 0
    for s in range(len(widths) - 1):
        total += depths[s] * eca_kernel_size(widths[s])
    return total
