# exercise: resnet_overhead
# kind: wrong
# score: 3.75
# says: changes
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    while widths:
        c, n = widths.pop(), depths.pop()
        total += n * (2 * c * (c // ratio) + c // ratio + c)
    return total
