# tries: clumsy: TensorFlow's eager execution is switched off for good
# notebook: 01_squeeze_excitation
# %% after se_forward
tf.compat.v1.disable_eager_execution()
