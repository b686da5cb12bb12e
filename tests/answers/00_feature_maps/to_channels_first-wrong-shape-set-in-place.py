# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: changes
def to_channels_first(x):
    B, H, W, C = x.shape
    x.shape = (B, C, H, W)
    return x
