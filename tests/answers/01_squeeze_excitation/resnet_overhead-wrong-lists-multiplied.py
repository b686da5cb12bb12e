# exercise: resnet_overhead
# kind: wrong
# score: 0
# says: raised TypeError
def resnet_overhead(widths, depths, ratio=16):
    m = widths // ratio
    return sum(depths * (2 * widths * m + m + widths))
