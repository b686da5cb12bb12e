# exercise: first_channels_for
# kind: wrong
# score: 0
# says: not written
def first_channels_for(k, gamma=2, b=1):
    raise NotImplementedError
