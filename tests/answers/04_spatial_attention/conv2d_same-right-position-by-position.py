# exercise: conv2d_same
# kind: right
# score: 6
def conv2d_same(d, kernel):
    k = len(kernel)
    half = k // 2
    B, H, W, D = d.shape
    result = np.zeros((B, H, W))
    for b in range(B):
        for y in range(H):
            for x in range(W):
                total = 0.0
                for i in range(k):
                    for j in range(k):
                        yy, xx = y + i - half, x + j - half
                        if 0 <= yy < H and 0 <= xx < W:
                            for c in range(D):
                                total += kernel[i, j, c] * d[b, yy, xx, c]
                result[b, y, x] = total
    return result
