# exercise: resnet_overhead
# kind: wrong
# score: 0.25
# says: float
def resnet_overhead(widths, depths, ratio=16):
    added = sum(n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths))
    return 100 * added / 25557032
