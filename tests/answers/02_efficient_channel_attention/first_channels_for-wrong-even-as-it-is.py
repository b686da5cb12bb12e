# exercise: first_channels_for
# kind: wrong
# score: 3.25
# says: at least 4
import math


def first_channels_for(k, gamma=2, b=1):
    return max(1, math.ceil(2 ** (gamma * (k - 1) - b)))
