# exercise: resnet_overhead
# kind: right
# score: 4
def resnet_overhead(widths, depths, ratio=16):
    blocks = []
    for stage in range(len(widths)):
        blocks.extend([widths[stage]] * depths[stage])
    return sum((c + 1) * (c // ratio) + (c // ratio + 1) * c for c in blocks)
