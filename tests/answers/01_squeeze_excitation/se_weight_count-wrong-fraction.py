# exercise: se_weight_count
# kind: wrong
# score: 2.25
# says: fraction
def se_weight_count(channels, ratio=16, bias=True):
    m = channels / ratio
    return 2 * channels * m + (m + channels if bias else 0)
