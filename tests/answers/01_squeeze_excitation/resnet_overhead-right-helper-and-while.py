# exercise: resnet_overhead
# kind: right
# score: 4
import sys


def block(channels, ratio):
    layers_of_block = (channels, channels // ratio, channels)
    return sum(a * b + b for a, b in zip(layers_of_block, layers_of_block[1:]))


def resnet_overhead(widths, depths, ratio=16):
    stage, total = 0, 0
    while stage < len(depths):
        total = total + depths[stage] * block(widths[stage], ratio)
        sys.stderr.write(f"{stage}: {total}\n")
        stage += 1
    return total
