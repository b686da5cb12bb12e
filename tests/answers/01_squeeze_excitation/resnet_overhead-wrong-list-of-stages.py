# exercise: resnet_overhead
# kind: wrong
# score: 0.25
# says: type list
def resnet_overhead(widths, depths, ratio=16):
    return [n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths)]
