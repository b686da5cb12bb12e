# exercise: global_average_pool
# kind: wrong
# score: 0.5
# says: channels
def global_average_pool(x):
    return x.mean(axis=-1)
