# exercise: conv2d_same
# kind: wrong
# score: 0.75
# says: where shape
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    image = np.pad(d[0], ((p, p), (p, p), (0, 0)))
    return np.array([[np.sum(image[y:y + k, x:x + k] * kernel) for x in range(d.shape[2])]
                     for y in range(d.shape[1])])
