# exercise: global_average_pool
# kind: wrong
# score: 1.5
# says: whole numbers
def global_average_pool(x):
    result = np.zeros((x.shape[0], x.shape[3]), dtype=int)
    for b, image in enumerate(x):
        result[b] = image.mean(axis=(0, 1))
    return result
