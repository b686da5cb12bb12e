# exercise: to_channels_last
# kind: wrong
# score: 1.75
# says: type list
def to_channels_last(x):
    return [image.transpose(1, 2, 0) for image in x]
