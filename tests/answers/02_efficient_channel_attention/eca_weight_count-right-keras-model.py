# exercise: eca_weight_count
# kind: right
# score: 4
import math


def eca_kernel_size(channels, gamma=2, b=1):
    t = int(abs((math.log2(channels) + b) / gamma))
    return t if t % 2 else t + 1


def eca_weight_count(widths, depths):
    count = 0
    for width, depth in zip(widths, depths):
        block = keras.layers.Conv1D(1, eca_kernel_size(width), padding="same", use_bias=False)
        block.build((None, width, 1))
        count += depth * block.count_params()
    return count
