# tries: clumsy: the global data format is changed; the asker sets its own
# notebook: 01_squeeze_excitation
# %% first
import keras

keras.config.set_image_data_format("channels_first")
