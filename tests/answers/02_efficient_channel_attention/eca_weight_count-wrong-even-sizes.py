# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: not made odd
import math


def eca_weight_count(widths, depths):
    return sum(d * int((math.log2(w) + 1) / 2) for w, d in zip(widths, depths))
