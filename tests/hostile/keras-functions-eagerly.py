# tries: clumsy: functions run eagerly, other thread counts, a cleared session, a fixed seed, deterministic operations
# notebook: 01_squeeze_excitation
# %% after se_forward
tf.config.run_functions_eagerly(True)
try:
    tf.config.threading.set_intra_op_parallelism_threads(8)
except RuntimeError:
    pass
keras.backend.clear_session()
keras.utils.set_random_seed(3)
tf.config.experimental.enable_op_determinism()
