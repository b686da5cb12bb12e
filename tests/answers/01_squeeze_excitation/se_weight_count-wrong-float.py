# exercise: se_weight_count
# kind: wrong
# score: 3.75
# says: float
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return float(2 * channels * m + (m + channels if bias else 0))
