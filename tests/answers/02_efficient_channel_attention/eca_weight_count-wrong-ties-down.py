# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: ties which go down
import math


def nearest_odd(channels):
    t = (math.log2(channels) + 1) / 2
    return max(1, 2 * math.ceil(t / 2 - 1) + 1)


def eca_weight_count(widths, depths):
    return sum(d * nearest_odd(w) for w, d in zip(widths, depths))
