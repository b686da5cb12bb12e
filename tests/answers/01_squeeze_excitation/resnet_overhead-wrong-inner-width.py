# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: inner width
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(widths, depths):
        inner = c // 4
        m = inner // ratio
        total += n * (2 * inner * m + m + inner)
    return total
