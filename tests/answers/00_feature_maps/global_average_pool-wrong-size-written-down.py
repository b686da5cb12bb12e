# exercise: global_average_pool
# kind: wrong
# score: 1
# says: values are wrong
def global_average_pool(x):
    # 3 rows and 4 columns
    return x.sum(axis=(1, 2)) / 12
