# exercise: resnet_overhead
# kind: wrong
# score: 0
# says: not written
def resnet_overhead(widths, depths, ratio=16):
    raise NotImplementedError
