# tries: nothing: answers in part right
# notebook: 01_squeeze_excitation
# worth: squeeze 0.75 fail: does not divide
# worth: se_block 4.5 fail: Both biases are missing
# %% squeeze
def squeeze(x):
    return x.sum(axis=(1, 2))
# %% se_block
def se_block(x, ratio=16):
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Dense(x.shape[-1] // ratio, activation="relu", use_bias=False)(gate)
    gate = keras.layers.Dense(x.shape[-1], activation="sigmoid", use_bias=False)(gate)
    return keras.layers.Multiply()([x, gate])
