# exercise: cbam_forward
# kind: right
# score: 5


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def convolve(d, kernel):
    k = kernel.shape[0]
    pad = k // 2
    padded = np.pad(d, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    out = np.zeros(d.shape[:3])
    for i in range(k):
        for j in range(k):
            out += padded[:, i : i + d.shape[1], j : j + d.shape[2]] @ kernel[i, j]
    return out



def one_image(x, w1, b1, w2, b2, kernel):
    total = 0
    for pool in (np.mean, np.max):
        hidden = w1.T @ pool(x, axis=(0, 1)) + b1
        hidden[hidden < 0] = 0
        total = total + w2.T @ hidden
    x = sigmoid(total + 2 * b2) * x
    out = np.empty_like(x)
    height, width, _ = x.shape
    for h in range(height):
        for w in range(width):
            logit = 0.0
            for i in range(7):
                for j in range(7):
                    r, c = h + i - 3, w + j - 3
                    if 0 <= r < height and 0 <= c < width:
                        logit += kernel[i, j, 0] * np.mean(x[r, c]) + kernel[i, j, 1] * max(x[r, c])
            out[h, w] = x[h, w] * sigmoid(logit)
    return out


def cbam_forward(x, w1, b1, w2, b2, kernel):
    return np.array([one_image(image, w1, b1, w2, b2, kernel) for image in x])
