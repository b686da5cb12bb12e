# exercise: channel_pool
# kind: right
# score: 3
def channel_pool(x):
    d = np.empty(x.shape[:3] + (2,))
    for b in range(x.shape[0]):
        for h in range(x.shape[1]):
            for w in range(x.shape[2]):
                numbers = list(x[b, h, w])
                d[b, h, w, 0] = sum(numbers) / len(numbers)
                d[b, h, w, 1] = max(numbers)
    return d
