# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: shape
def to_channels_first(x):
    return x[0].transpose(2, 0, 1)
