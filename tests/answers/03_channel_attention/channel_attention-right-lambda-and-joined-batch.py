# exercise: channel_attention
# kind: right
# score: 8
from keras import layers, ops

def channel_attention(x, ratio=16):
    c = x.shape[-1]
    first = layers.Dense(int(c / ratio))
    second = layers.Dense(c)
    pooled = layers.Concatenate(axis=1)([
        layers.Lambda(lambda t: keras.ops.mean(t, axis=(1, 2), keepdims=True))(x),
        layers.Lambda(lambda t: keras.ops.max(t, axis=(1, 2), keepdims=True))(x),
    ])
    logits = second(layers.ReLU()(first(pooled)))
    return x * ops.sigmoid(logits[:, :1] + logits[:, 1:])
