# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: wrong for other
def eca_weight_count(widths, depths):
    return 86
