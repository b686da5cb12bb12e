# exercise: se_weight_count
# kind: wrong
# score: 1.5
# says: multiple of 8
def se_weight_count(channels, ratio=16, bias=True):
    m = max(8, int(channels / ratio + 4) // 8 * 8)
    return 2 * channels * m + (m + channels if bias else 0)
