# exercise: spatial_attention_forward
# kind: right
# score: 5
from keras import layers, ops

def spatial_attention_forward(x, kernel):
    d = ops.stack([ops.mean(x, axis=-1), ops.max(x, axis=-1)], axis=-1)
    layer = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid", dtype="float64")
    layer.build(d.shape)
    layer.set_weights([kernel[..., None]])
    return np.array(layer(d)) * x
