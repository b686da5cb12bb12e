# exercise: spatial_attention
# kind: wrong
# score: 6
# says: unexpected keyword
from keras import layers, ops

def spatial_attention(x):
    mean = ops.mean(x, axis=-1, keepdims=True)
    largest = ops.max(x, axis=-1, keepdims=True)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, 7, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])
