# tries: a list that grows without end
# worth: global_average_pool 0 memory|timeout
# %% global_average_pool
def global_average_pool(x):
    kept = [0] * 1000
    while True:
        kept += kept
