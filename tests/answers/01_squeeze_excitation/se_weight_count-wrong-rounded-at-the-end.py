# exercise: se_weight_count
# kind: wrong
# score: 2.5
# says: product
def se_weight_count(channels, ratio=16, bias=True):
    m = channels / ratio
    return int(2 * channels * m + (m + channels if bias else 0))
