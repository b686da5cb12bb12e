# tries: clumsy: mixed precision for all layers
# notebook: 01_squeeze_excitation
# worth: se_block 4.25 fail: float16
# %% se_block
keras.mixed_precision.set_global_policy("mixed_float16")


def se_block(x, ratio=16):
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Dense(x.shape[-1] // ratio, activation="relu")(gate)
    gate = keras.layers.Dense(x.shape[-1], activation="sigmoid")(gate)
    return keras.layers.Multiply()([x, gate])
