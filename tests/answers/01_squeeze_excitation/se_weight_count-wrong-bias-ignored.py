# exercise: se_weight_count
# kind: wrong
# score: 2.75
# says: bias=False
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return 2 * channels * m + m + channels
