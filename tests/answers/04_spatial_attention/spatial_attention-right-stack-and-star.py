# exercise: spatial_attention
# kind: right
# score: 7
def spatial_attention(x, kernel_size=7):
    pooled = keras.ops.stack([keras.ops.mean(x, axis=3), keras.ops.max(x, axis=3)], axis=3)
    logits = keras.layers.Conv2D(filters=1, kernel_size=(kernel_size, kernel_size), strides=1, padding="same",
                                 use_bias=False, kernel_initializer="he_normal")(pooled)
    return x * keras.ops.sigmoid(logits)
