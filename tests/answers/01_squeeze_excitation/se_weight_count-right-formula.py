# exercise: se_weight_count
# kind: right
# score: 4
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    count = 2 * channels * m
    if bias:
        count += m + channels
    return count
