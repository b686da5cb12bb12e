# exercise: se_weight_count
# kind: right
# score: 4
import math


def layer(inputs, outputs, bias):
    return np.zeros((inputs + 1 if bias else inputs, outputs)).size


def se_weight_count(channels, ratio=16, bias=True):
    m = math.floor(channels / ratio)
    return layer(channels, m, bias) + layer(m, channels, bias)
