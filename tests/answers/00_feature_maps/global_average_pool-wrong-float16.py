# exercise: global_average_pool
# kind: wrong
# score: 1.5
# says: float16
def global_average_pool(x):
    return x.astype("float16").mean(axis=(1, 2))
