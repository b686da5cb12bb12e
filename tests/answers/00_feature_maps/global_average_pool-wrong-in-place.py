# exercise: global_average_pool
# kind: wrong
# score: 2.75
# says: changes
def global_average_pool(x):
    x /= x.shape[1] * x.shape[2]
    return x.sum(axis=(1, 2))
