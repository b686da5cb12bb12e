# exercise: conv2d_same
# kind: wrong
# score: 2
# says: beyond the edge
def conv2d_same(d, kernel):
    p = len(kernel) // 2
    out = np.zeros(d.shape[:3])
    for i in range(-p, p + 1):
        for j in range(-p, p + 1):
            out += np.roll(d, (-i, -j), axis=(1, 2)) @ kernel[i + p, j + p]
    return out
