# exercise: se_weight_count
# kind: wrong
# score: 1.5
# says: first bias
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return 2 * channels * m + (2 * channels if bias else 0)
