# exercise: global_average_pool
# kind: right
# score: 3
def global_average_pool(x):
    # a tensor comes out of a Keras layer
    return keras.layers.GlobalAveragePooling2D()(x)
