# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    over_rows = x.mean(axis=1)
    return over_rows.mean(axis=1)
