# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: size 3
def eca_weight_count(widths, depths):
    return 3 * sum(depths)
