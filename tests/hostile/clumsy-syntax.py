# tries: clumsy: an answer that is no Python
# worth: global_average_pool 0 missing|fail
# %% global_average_pool
def global_average_pool(x)
    return x.mean((1, 2))
