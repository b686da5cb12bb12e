# exercise: channel_pool
# kind: right
# score: 3
from keras import ops

def channel_pool(x):
    return ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)
