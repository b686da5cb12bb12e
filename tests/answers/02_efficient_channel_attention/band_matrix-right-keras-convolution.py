# exercise: band_matrix
# kind: right
# score: 4
from keras import ops

def band_matrix(kernel, channels):
    units = np.eye(channels, dtype="float32")[:, :, None]
    columns = ops.conv(units, np.asarray(kernel, dtype="float32")[:, None, None], padding="same")
    return ops.transpose(columns[:, :, 0])
