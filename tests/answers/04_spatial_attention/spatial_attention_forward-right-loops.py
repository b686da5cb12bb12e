# exercise: spatial_attention_forward
# kind: right
# score: 5
import math


def spatial_attention_forward(x, kernel):
    B, H, W, C = x.shape
    y = np.zeros_like(x)
    for b in range(B):
        mean = [[sum(x[b, h, w]) / C for w in range(W)] for h in range(H)]
        most = [[max(x[b, h, w]) for w in range(W)] for h in range(H)]
        for h in range(H):
            for w in range(W):
                a = 0.0
                for i in range(-3, 4):
                    for j in range(-3, 4):
                        if 0 <= h + i < H and 0 <= w + j < W:
                            a += kernel[i + 3, j + 3, 0] * mean[h + i][w + j]
                            a += kernel[i + 3, j + 3, 1] * most[h + i][w + j]
                y[b, h, w] = x[b, h, w] / (1 + math.exp(-a))
    return y
