# tries: as many open files as the machine gives; they close when the function ends
# worth: global_average_pool 0 fail
# %% global_average_pool
def global_average_pool(x):
    opened = [open("/dev/null") for _ in range(@OPEN_FILES@ + 10)]
    hole(f"{len(opened)} open files")
    return x.mean((1, 2))
