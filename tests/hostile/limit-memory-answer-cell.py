# tries: memory without end in the answer cell itself
# worth: global_average_pool 0 memory|timeout
# %% global_average_pool
kept = []
while True:
    kept.append(np.ones(2**24))
