# tries: each cell sleeps within its own limit, all together beyond the notebook's
# worth: apply_spatial_gate 0 timeout: as a whole
# worth: to_channels_first 0 timeout: as a whole
# %% after global_average_pool
time.sleep(@CELL_SECONDS@ * 0.85)
# %% after channel_pool
time.sleep(@CELL_SECONDS@ * 0.85)
# %% after revealing_case
time.sleep(@CELL_SECONDS@ * 0.85)
# %% after apply_channel_gate
time.sleep(@CELL_SECONDS@ * 0.85)
# %% after apply_spatial_gate
time.sleep(@CELL_SECONDS@ * 0.85)
