# exercise: se_weight_count
# kind: wrong
# score: 0
# says: not written
def se_weight_count(channels, ratio=16, bias=True):
    raise NotImplementedError
