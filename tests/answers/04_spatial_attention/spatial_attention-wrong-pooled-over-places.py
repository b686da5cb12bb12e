# exercise: spatial_attention
# kind: wrong
# score: 0
# says: raised
from keras import layers

def spatial_attention(x, kernel_size=7):
    mean = layers.GlobalAveragePooling2D()(x)
    largest = layers.GlobalMaxPooling2D()(x)
    d = layers.Concatenate(axis=-1)([mean, largest])
    gate = layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(d)
    return layers.Multiply()([x, gate])
