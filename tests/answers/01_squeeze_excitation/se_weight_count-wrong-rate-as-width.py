# exercise: se_weight_count
# kind: wrong
# score: 0.25
# says: ratio is taken
def se_weight_count(channels, ratio=16, bias=True):
    count = channels * ratio + ratio * channels
    return count + ratio + channels if bias else count
