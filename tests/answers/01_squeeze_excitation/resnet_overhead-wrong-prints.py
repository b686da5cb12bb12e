# exercise: resnet_overhead
# kind: wrong
# score: 0
# says: print
def resnet_overhead(widths, depths, ratio=16):
    print(sum(n * (2 * c * (c // ratio) + c // ratio + c) for c, n in zip(widths, depths)))
