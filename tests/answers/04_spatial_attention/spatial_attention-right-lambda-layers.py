# exercise: spatial_attention
# kind: right
# score: 7
from keras import layers

def spatial_attention(x, kernel_size=7):
    avg = layers.Lambda(lambda t: keras.ops.mean(t, axis=-1, keepdims=True))(x)
    mx = layers.Lambda(lambda t: keras.ops.max(t, axis=-1, keepdims=True))(x)
    cat = layers.Concatenate()([avg, mx])
    s = layers.Conv2D(1, kernel_size, padding="same", use_bias=False)(cat)
    s = layers.Activation("sigmoid")(s)
    return layers.multiply([x, s])
