# tries: added graded cells with unknown ids, worth fifty points each
# handling: clutter
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
