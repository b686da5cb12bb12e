# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: Width and channels
def to_channels_first(x):
    return x.swapaxes(2, 3)
