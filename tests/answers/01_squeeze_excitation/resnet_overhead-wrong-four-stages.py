# exercise: resnet_overhead
# kind: wrong
# score: 2.25
# says: raised IndexError
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for i in range(4):
        m = widths[i] // ratio
        total += depths[i] * (2 * widths[i] * m + m + widths[i])
    return total
