# exercise: se_weight_count
# kind: wrong
# score: 0.25
# says: left out where bias=True
def se_weight_count(channels, ratio=16, bias=True):
    m = channels // ratio
    if not bias:
        return 2 * channels * m + m + channels
    return 2 * channels * m
