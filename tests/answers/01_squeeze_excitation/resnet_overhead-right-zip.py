# exercise: resnet_overhead
# kind: right
# score: 4
def resnet_overhead(widths, depths, ratio=16):
    total = 0
    for width, depth in zip(widths, depths):
        m = width // ratio
        total += depth * (2 * width * m + m + width)
    return total
