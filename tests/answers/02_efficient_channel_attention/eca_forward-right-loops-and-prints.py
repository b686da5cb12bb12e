# exercise: eca_forward
# kind: right
# score: 4
import math


def eca_forward(x, kernel):
    B, H, W, C = x.shape
    p = len(kernel) // 2
    y = np.zeros_like(x)
    for b in range(B):
        z = [x[b, :, :, c].sum() / (H * W) for c in range(C)]
        print(z)
        for c in range(C):
            a = sum(kernel[t] * z[c + t - p] for t in range(len(kernel)) if 0 <= c + t - p < C)
            y[b, :, :, c] = x[b, :, :, c] / (1 + math.exp(-a))
    return y
