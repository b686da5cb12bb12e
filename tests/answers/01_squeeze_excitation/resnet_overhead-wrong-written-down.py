# exercise: resnet_overhead
# kind: wrong
# score: 1.25
# says: other widths
def resnet_overhead(widths, depths, ratio=16):
    return 2530992
