# exercise: global_average_pool
# kind: wrong
# score: 0
# says: raised TypeError
def global_average_pool(x):
    return x.mean(1, 2)
