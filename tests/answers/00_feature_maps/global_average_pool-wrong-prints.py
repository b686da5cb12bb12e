# exercise: global_average_pool
# kind: wrong
# score: 0
# says: print
def global_average_pool(x):
    print(np.mean(x, axis=(1, 2)))
