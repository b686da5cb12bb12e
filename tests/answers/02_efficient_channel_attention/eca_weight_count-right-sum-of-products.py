# exercise: eca_weight_count
# kind: right
# score: 4
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    return sum(d * eca_kernel_size(w) for w, d in zip(widths, depths))
