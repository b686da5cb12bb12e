# tries: a copy of a test cell
# handling: duplicated test cell
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
