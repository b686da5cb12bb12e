# exercise: to_channels_first
# kind: wrong
# score: 0.5
# says: not moved
def to_channels_first(x):
    return x
