# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: biases
def resnet_overhead(widths, depths, ratio=16):
    return sum(n * 2 * c * (c // ratio) for c, n in zip(widths, depths))
