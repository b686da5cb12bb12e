# exercise: to_channels_last
# kind: wrong
# score: 0.75
# says: reshape
def to_channels_last(x):
    return x.reshape(x.shape[0], x.shape[2], x.shape[3], x.shape[1])
