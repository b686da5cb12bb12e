# exercise: eca_weight_count
# kind: wrong
# score: 0.5
# says: SE blocks
def eca_weight_count(widths, depths):
    return sum(d * (2 * w * max(1, w // 16) + max(1, w // 16) + w) for w, d in zip(widths, depths))
