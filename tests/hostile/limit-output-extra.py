# tries: ten gigabytes printed by a cell of one's own
# %% after global_average_pool
line = "x" * 99_999
for _ in range(100_000):
    print(line)
