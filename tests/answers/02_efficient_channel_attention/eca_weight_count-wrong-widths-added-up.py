# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: added up before
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    return sum(depths) * eca_kernel_size(sum(widths))
