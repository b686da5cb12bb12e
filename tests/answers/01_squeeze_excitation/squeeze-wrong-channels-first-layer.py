# exercise: squeeze
# kind: wrong
# score: 0.5
# says: shape
def squeeze(x):
    return keras.layers.GlobalAveragePooling2D(data_format="channels_first")(x)
