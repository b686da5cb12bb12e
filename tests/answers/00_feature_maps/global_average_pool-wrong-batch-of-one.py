# exercise: global_average_pool
# kind: wrong
# score: 0.5
# says: raised ValueError
def global_average_pool(x):
    _, height, width, channels = x.shape
    return x.reshape(1, height * width, channels).mean(axis=1)
