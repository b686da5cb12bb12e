# exercise: se_weight_count
# kind: wrong
# score: 1.25
# says: ratio is ignored
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // 16
    return 2 * channels * m + (m + channels if bias else 0)
