# exercise: se_weight_count
# kind: right
# score: 4
from keras import layers

def se_weight_count(channels, ratio=16, bias=True):
    model = keras.Sequential([
        keras.Input((channels,)),
        layers.Dense(channels // ratio, use_bias=bias),
        layers.Dense(channels, use_bias=bias),
    ])
    return model.count_params()
