# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: exchanged
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(depths, widths):
        m = c // ratio
        total += n * (2 * c * m + m + c)
    return total
