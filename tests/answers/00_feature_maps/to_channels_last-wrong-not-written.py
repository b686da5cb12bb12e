# exercise: to_channels_last
# kind: wrong
# score: 0
# says: not written
def to_channels_last(x):
    raise NotImplementedError
