# exercise: eca_weight_count
# kind: right
# score: 4
def eca_weight_count(widths, depths):
    total = 0
    for stage in range(len(widths)):
        for block in range(depths[stage]):
            total += widths[stage].bit_length() // 2 | 1
    return total
