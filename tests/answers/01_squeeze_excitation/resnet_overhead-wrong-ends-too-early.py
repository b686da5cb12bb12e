# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: too early
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for i in range(len(widths) - 1):
        m = widths[i] // ratio
        total += depths[i] * (2 * widths[i] * m + m + widths[i])
    return total
