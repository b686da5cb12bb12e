# tries: nothing: an array of a quarter of the memory, let go again, twice
# %% global_average_pool
def global_average_pool(x):
    work = np.ones(@MEMORY_BYTES@ // 4 // 8)
    return x.mean((1, 2)) * work[0]
