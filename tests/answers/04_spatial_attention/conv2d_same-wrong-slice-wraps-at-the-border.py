# exercise: conv2d_same
# kind: wrong
# score: 0.5
# says: raised
def conv2d_same(d, kernel):
    k = len(kernel)
    p = k // 2
    out = np.zeros(d.shape[:3])
    for y in range(d.shape[1]):
        for x in range(d.shape[2]):
            out[:, y, x] = np.sum(d[:, y - p:y + p + 1, x - p:x + p + 1] * kernel, axis=(1, 2, 3))
    return out
