# exercise: to_channels_first
# kind: right
# score: 2
from keras import layers

def to_channels_first(x):
    return layers.Permute((3, 1, 2))(x)
