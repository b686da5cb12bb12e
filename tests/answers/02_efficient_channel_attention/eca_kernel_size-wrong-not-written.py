# exercise: eca_kernel_size
# kind: wrong
# score: 0
# says: not written
import math


def eca_kernel_size(channels, gamma=2, b=1):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
