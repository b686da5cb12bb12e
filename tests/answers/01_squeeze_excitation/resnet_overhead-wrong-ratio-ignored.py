# exercise: resnet_overhead
# kind: wrong
# score: 3
# says: ratio is ignored
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * (2 * c * (c // 16) + c // 16 + c) for c, n in zip(widths, depths))
