# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers, ops

def spatial_attention(x, kernel_size=7):
    pooled = keras.Input((None, None, 2))
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(pooled)
    gate_model = keras.Model(pooled, gate)
    maps = [reduce(x, axis=-1, keepdims=True) for reduce in (ops.mean, ops.max)]
    return x * gate_model(ops.concatenate(maps, axis=-1))
