# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    batch, height, width, channels = x.shape
    result = np.zeros((batch, channels))
    for b in range(batch):
        for c in range(channels):
            total = 0.0
            for h in range(height):
                for w in range(width):
                    total += x[b, h, w, c]
            result[b, c] = total / (height * width)
    return result
