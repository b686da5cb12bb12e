# tries: nothing: right answers, and a small model trained on the way, with a tf.function and a saved file
# notebook: 01_squeeze_excitation
# %% after se_block
inputs = keras.Input((4, 4, 16))
outputs = keras.layers.Dense(1)(keras.layers.GlobalAveragePooling2D()(se_block(inputs, 4)))
model = keras.Model(inputs, outputs)
model.compile("adam", "mse")
model.fit(np.ones((32, 4, 4, 16)), np.ones((32, 1)), epochs=1, verbose=0)
model.save("small.keras")
keras.saving.load_model("small.keras")
keras.utils.set_random_seed(0)
