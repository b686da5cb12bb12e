# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: counted once
def resnet_overhead(widths, depths, ratio=16):
    return sum(2 * c * (c // ratio) + c // ratio + c for c in widths)
