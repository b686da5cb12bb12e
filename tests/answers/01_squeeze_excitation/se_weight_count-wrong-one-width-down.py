# exercise: se_weight_count
# kind: wrong
# score: 0.25
# says: wrong
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio - 1
    return 2 * channels * m + (m + channels if bias else 0)
