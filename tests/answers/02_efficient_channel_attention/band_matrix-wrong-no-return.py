# exercise: band_matrix
# kind: wrong
# score: 0
# says: return
def band_matrix(kernel, channels):
    matrix = np.zeros((channels, channels))
    for t, w in enumerate(kernel):
        matrix += w * np.eye(channels, k=t - len(kernel) // 2)
