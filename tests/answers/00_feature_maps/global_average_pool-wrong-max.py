# exercise: global_average_pool
# kind: wrong
# score: 1
# says: max
def global_average_pool(x):
    return x.max(axis=(1, 2))
