# exercise: global_average_pool
# kind: wrong
# score: 0.5
# says: shape
def global_average_pool(x):
    return np.array([[3.0, -1.0, 4.0]])
