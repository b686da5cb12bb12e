# exercise: to_channels_last
# kind: wrong
# score: 0.5
# says: not moved
def to_channels_last(x):
    return np.array(x)
