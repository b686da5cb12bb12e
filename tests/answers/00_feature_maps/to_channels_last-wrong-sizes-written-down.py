# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: shape
def to_channels_last(x):
    return x.reshape(2, 5, 12).transpose(0, 2, 1).reshape(2, 3, 4, 5)
