# exercise: se_weight_count
# kind: wrong
# score: 2.5
# says: rounded up
import math


def se_weight_count(channels, ratio=16, bias=True):
    m = math.ceil(channels / ratio)
    return 2 * channels * m + (m + channels if bias else 0)
