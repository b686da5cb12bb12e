# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: inside the loop
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for c, n in zip(widths, depths):
        m = c // ratio
        total += n * (2 * c * m + m + c)
        return total
