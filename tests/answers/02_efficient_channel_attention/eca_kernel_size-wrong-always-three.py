# exercise: eca_kernel_size
# kind: wrong
# score: 0.25
# says: always 3
import math


def eca_kernel_size(channels, gamma=2, b=1):
    return 3
