# exercise: band_matrix
# kind: right
# score: 4
def band_matrix(kernel, channels):
    reach = len(kernel) // 2
    places = np.arange(channels)
    offset = places[None, :] - places[:, None]
    inside = np.abs(offset) <= reach
    return np.where(inside, kernel[np.clip(offset + reach, 0, len(kernel) - 1)], 0.0)
