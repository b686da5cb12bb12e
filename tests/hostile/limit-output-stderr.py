# tries: gigabytes on stderr by a cell of one's own
# %% after global_average_pool
import sys

block = "x" * 2**20
for _ in range(10_000):
    sys.stderr.write(block)
