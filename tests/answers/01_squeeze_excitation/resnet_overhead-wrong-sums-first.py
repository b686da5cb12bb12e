# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: square of its width
def resnet_overhead(widths, depths, ratio=16):
    c, n = sum(widths), sum(depths)
    m = c // ratio
    return n * (2 * c * m + m + c)
