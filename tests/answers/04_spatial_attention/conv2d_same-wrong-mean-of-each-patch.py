# exercise: conv2d_same
# kind: wrong
# score: 1.5
# says: divided
def conv2d_same(d, kernel):
    k = kernel.shape[0]
    p = k // 2
    padded = np.pad(d, ((0, 0), (p, p), (p, p), (0, 0)))
    out = np.empty(d.shape[:3])
    for y in range(d.shape[1]):
        for x in range(d.shape[2]):
            out[:, y, x] = np.mean(padded[:, y:y + k, x:x + k] * kernel, axis=(1, 2, 3))
    return out
