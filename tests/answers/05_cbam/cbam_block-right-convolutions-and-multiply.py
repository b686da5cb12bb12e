# exercise: cbam_block
# kind: right
# score: 6
from keras import layers, ops

def cbam_block(x, ratio=16, kernel_size=7):
    _, _, _, c = x.shape
    mlp = keras.Sequential([layers.Conv2D(c // ratio, 1, activation="relu"), layers.Conv2D(c, 1)])
    a = mlp(layers.GlobalAvgPool2D(keepdims=True)(x))
    m = mlp(layers.GlobalMaxPool2D(keepdims=True)(x))
    gate = layers.Activation("sigmoid")(layers.Add()([a, m]))
    refined = layers.Multiply()([x, gate])
    d = layers.Concatenate(axis=3)([ops.mean(refined, axis=3, keepdims=True), ops.max(refined, axis=3)[..., None]])
    logits = layers.Conv2D(1, (kernel_size, kernel_size), padding="same", use_bias=False)(d)
    return layers.multiply([refined, layers.Activation("sigmoid")(logits)])
