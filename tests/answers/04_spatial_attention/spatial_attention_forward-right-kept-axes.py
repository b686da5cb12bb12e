# exercise: spatial_attention_forward
# kind: right
# score: 5
def spatial_attention_forward(x, kernel):
    mean = np.mean(x, axis=3, keepdims=True)
    largest = np.max(x, axis=3, keepdims=True)
    d = np.concatenate([mean, largest], axis=3)
    B, H, W, _ = d.shape
    big = np.zeros((B, H + 6, W + 6, 2))
    big[:, 3:-3, 3:-3] = d
    logits = np.zeros((B, H, W, 1))
    for i in range(7):
        for j in range(7):
            logits += big[:, i:i + H, j:j + W] @ kernel[i, j][:, None]
    return x / (1 + np.exp(-logits))
