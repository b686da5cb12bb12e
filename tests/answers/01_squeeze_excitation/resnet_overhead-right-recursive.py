# exercise: resnet_overhead
# kind: right
# score: 4
def resnet_overhead(widths, depths, ratio=16):
    if not widths:
        return 0
    (c, *other_widths), (n, *other_depths) = widths, depths
    first = n * (2 * c * (c // ratio) + c // ratio + c)
    print("a stage of", n, "blocks adds", first)
    return first + resnet_overhead(other_widths, other_depths, ratio)
