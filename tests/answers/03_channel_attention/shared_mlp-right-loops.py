# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    images, channels = v.shape
    width = len(b1)
    logits = np.zeros((images, channels))
    for i in range(images):
        hidden = []
        for k in range(width):
            total = b1[k]
            for c in range(channels):
                total += v[i, c] * w1[c, k]
            hidden.append(max(total, 0.0))
        for c in range(channels):
            logits[i, c] = b2[c] + sum(hidden[k] * w2[k, c] for k in range(width))
    return logits
