# exercise: to_channels_first
# kind: wrong
# score: 0
# says: not written
def to_channels_first(x):
    raise NotImplementedError
