# exercise: to_channels_last
# kind: wrong
# score: 1
# says: float16
def to_channels_last(x):
    return np.float16(x).transpose(0, 2, 3, 1)
