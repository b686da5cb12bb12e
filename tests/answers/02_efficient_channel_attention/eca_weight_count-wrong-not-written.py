# exercise: eca_weight_count
# kind: wrong
# score: 0
# says: not written
def eca_weight_count(widths, depths):
    raise NotImplementedError
