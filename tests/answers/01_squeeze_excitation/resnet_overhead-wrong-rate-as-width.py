# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: ratio is taken
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * ratio + ratio + c) for c, n in zip(widths, depths))
