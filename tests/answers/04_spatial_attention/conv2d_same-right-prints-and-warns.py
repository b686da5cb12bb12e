# exercise: conv2d_same
# kind: right
# score: 6
import warnings


def conv2d_same(maps, weights):
    warnings.warn("slow")
    k, _, depth = weights.shape
    p = k // 2
    print("maps", maps.shape, "kernel", weights.shape)
    big = np.pad(maps, ((0, 0), (p, p), (p, p), (0, 0)), "constant", constant_values=0)
    H, W = maps.shape[1], maps.shape[2]
    return np.stack([[[np.sum(image[y:y + k, x:x + k, :] * weights) for x in range(W)] for y in range(H)]
                     for image in big])
