# exercise: se_weight_count
# kind: wrong
# score: 0
# says: raised TypeError
def se_weight_count(channels, ratio, bias):
    m = channels // ratio
    return 2 * channels * m + (m + channels if bias else 0)
