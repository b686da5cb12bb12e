# tries: nothing: open files, half of what may be open
# %% global_average_pool
opened = [open("/dev/null") for _ in range(@OPEN_FILES@ // 2)]


def global_average_pool(x):
    return x.mean((1, 2))
