# exercise: to_channels_first
# kind: wrong
# score: 0.75
# says: reshape
def to_channels_first(x):
    B, H, W, C = x.shape
    return x.reshape(B, C, H, W)
