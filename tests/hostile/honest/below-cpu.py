# tries: nothing: some processor time, a quarter of what may be used
# %% global_average_pool
import time


def global_average_pool(x):
    return x.mean((1, 2))


until = time.process_time() + @CPU_SECONDS@ / 4
while time.process_time() < until:
    pass
