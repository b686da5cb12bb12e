# tries: nothing: prints in several cells, together less than is kept
# %% after global_average_pool
print("x" * 10_000)
# %% after channel_pool
print("x" * 10_000)
# %% after apply_channel_gate
print("x" * 10_000)
