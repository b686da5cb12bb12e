# exercise: to_channels_last
# kind: wrong
# score: 0
# says: print
def to_channels_last(x):
    print(np.transpose(x, (0, 2, 3, 1)))
