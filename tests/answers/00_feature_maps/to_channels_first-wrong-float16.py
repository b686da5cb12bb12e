# exercise: to_channels_first
# kind: wrong
# score: 1
# says: float16
def to_channels_first(x):
    return np.transpose(x.astype("float16"), (0, 3, 1, 2))
