# exercise: se_weight_count
# kind: wrong
# score: 0
# says: type str
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    return f"{2 * channels * m + (m + channels if bias else 0):,}"
