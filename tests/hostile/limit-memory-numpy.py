# tries: NumPy arrays without end
# worth: global_average_pool 0 memory|timeout
# %% global_average_pool
def global_average_pool(x):
    kept = []
    for _ in range(64):
        kept.append(np.ones(2**25))
    time.sleep(5)
    return x.mean((1, 2))
