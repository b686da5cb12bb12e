# exercise: global_average_pool
# kind: wrong
# score: 1
# says: H * W
def global_average_pool(x):
    return x.sum(axis=1).mean(axis=1)
