# exercise: resnet_overhead
# kind: right
# score: 4
def resnet_overhead(widths, depths, ratio=16):
    c = np.array(widths)
    m = c // ratio
    return int(np.dot(depths, 2 * c * m + m + c))
