# exercise: resnet_overhead
# kind: wrong
# score: 3.75
# says: float
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * c / ratio + c / ratio + c) for c, n in zip(widths, depths))
