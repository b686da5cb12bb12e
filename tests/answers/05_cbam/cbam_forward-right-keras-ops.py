# exercise: cbam_forward
# kind: right
# score: 5
from keras import ops

def cbam_forward(x, w1, b1, w2, b2, kernel):
    z = ops.concatenate([ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))], axis=0)
    logits = ops.matmul(ops.relu(ops.matmul(z, w1) + b1), w2) + b2
    a, m = ops.split(logits, 2, axis=0)
    y = x * ops.sigmoid(a + m)[:, None, None, :]
    d = ops.stack([ops.mean(y, axis=-1), ops.max(y, axis=-1)], axis=-1)
    return y * ops.sigmoid(ops.conv(d, kernel[:, :, :, None], padding="same"))
