# exercise: resnet_overhead
# kind: wrong
# score: 0.5
# says: other widths
def resnet_overhead(widths, depths, ratio=16):
    return 2530992
