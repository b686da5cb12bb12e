# tries: clumsy: all names are deleted, in the notebook and among the built-in ones
# worth: global_average_pool 0 missing|fail: no function named
# worth: channel_pool 0 fail: np
# worth: revealing_case 0 fail: np
# worth: to_channels_first 0 fail: np
# %% after global_average_pool
get_ipython().run_line_magic("reset", "-f")
