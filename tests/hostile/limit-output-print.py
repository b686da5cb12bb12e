# tries: ten gigabytes printed, past the asker's silence
# worth: global_average_pool 0 limit|timeout|memory
# %% global_average_pool
import sys

out = sys.stdout


def global_average_pool(x):
    line = "x" * 99_999
    for _ in range(100_000):
        print(line, file=out)
    return x.mean((1, 2))
