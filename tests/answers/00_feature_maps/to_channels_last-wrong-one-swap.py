# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: Height and width
def to_channels_last(x):
    return x.swapaxes(1, -1)
