# exercise: channel_attention
# kind: right
# score: 8
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    pooled = ops.stack([ops.mean(x, axis=(1, 2)), ops.max(x, axis=(1, 2))], axis=1)
    hidden = layers.Dense(c // ratio, activation="relu")(pooled)
    logits = ops.sum(layers.Dense(c)(hidden), axis=1)
    return x * ops.reshape(ops.sigmoid(logits), (-1, 1, 1, c))
