# exercise: to_channels_first
# kind: wrong
# score: 0
# says: return
def to_channels_first(x):
    y = np.transpose(x, (0, 3, 1, 2))
