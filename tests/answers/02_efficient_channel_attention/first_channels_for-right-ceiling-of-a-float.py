# exercise: first_channels_for
# kind: right
# score: 4
import math


def first_channels_for(k, gamma=2, b=1):
    need = k // 2 * 2
    return max(1, math.ceil(2.0 ** (gamma * need - b)))
