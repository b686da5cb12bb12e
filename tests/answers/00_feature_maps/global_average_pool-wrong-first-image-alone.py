# exercise: global_average_pool
# kind: wrong
# score: 1
# says: shape
def global_average_pool(x):
    return x[0].mean(axis=(0, 1))[None]
