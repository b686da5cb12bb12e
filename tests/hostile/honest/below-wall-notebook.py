# tries: nothing: a notebook that takes over half of the time it may
# %% after global_average_pool
import time

time.sleep(@NOTEBOOK_SECONDS@ / 5)
# %% after channel_pool
time.sleep(@NOTEBOOK_SECONDS@ / 5)
# %% after apply_channel_gate
time.sleep(@NOTEBOOK_SECONDS@ / 5)
