# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: only what SE adds
def resnet_overhead(widths, depths, ratio=16):
    total = 25557032
    for c, n in zip(widths, depths):
        m = c // ratio
        total += n * (2 * c * m + m + c)
    return total
