# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: every depth
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c in widths:
        for n in depths:
            m = c // ratio
            total += n * (2 * c * m + m + c)
    return total
