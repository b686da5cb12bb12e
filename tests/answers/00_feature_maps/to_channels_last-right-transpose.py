# exercise: to_channels_last
# kind: right
# score: 2
def to_channels_last(x):
    return x.transpose(0, 2, 3, 1)
