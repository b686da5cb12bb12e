# exercise: eca_weight_count
# kind: wrong
# score: 3.75
# says: changes what it was given
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    total = 0
    while widths:
        total += depths.pop() * eca_kernel_size(widths.pop())
    return total
