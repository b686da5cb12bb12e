# exercise: channel_pool
# kind: wrong
# score: 0
# says: not written
def channel_pool(x):
    raise NotImplementedError
