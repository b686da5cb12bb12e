# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    images = np.moveaxis(x, -1, 1)
    return np.array([[np.average(sheet) for sheet in image] for image in images])
