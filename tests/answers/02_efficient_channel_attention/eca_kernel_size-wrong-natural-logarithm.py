# exercise: eca_kernel_size
# kind: wrong
# score: 1
# says: natural
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log(channels) + b) / gamma))
    return t if t % 2 else t + 1
