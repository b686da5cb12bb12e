# tries: nothing: a cell that takes half of the time it may
# %% global_average_pool
import time

time.sleep(@CELL_SECONDS@ / 2)


def global_average_pool(x):
    return x.mean((1, 2))
