# exercise: resnet_overhead
# kind: wrong
# score: 3.75
# says: int64
def resnet_overhead(widths, depths, ratio=16):
    c, n = np.array(widths), np.array(depths)
    return np.sum(n * (2 * c * (c // ratio) + c // ratio + c))
