# exercise: se_weight_count
# kind: wrong
# score: 0.25
# says: two matrices
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return channels * m + (m + channels if bias else 0)
