# exercise: squeeze
# kind: wrong
# score: 0.5
# says: axes of size 1
def squeeze(x):
    return keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
