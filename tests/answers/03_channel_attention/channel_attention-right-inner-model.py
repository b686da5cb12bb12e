# exercise: channel_attention
# kind: right
# score: 8
from keras import layers

def channel_attention(x, ratio=16):
    channels = x.shape[-1]
    mlp = keras.Sequential([layers.Dense(channels // ratio, activation="relu"), layers.Dense(channels)])
    gate = keras.activations.sigmoid(mlp(layers.GlobalAvgPool2D()(x)) + mlp(layers.GlobalMaxPool2D()(x)))
    return layers.multiply([x, layers.Reshape((1, 1, channels))(gate)])
