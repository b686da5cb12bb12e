# tries: nothing: prints, four fifths of what may be printed by a cell
# %% after global_average_pool
for _ in range(4 * @OUTPUT_BYTES@ // 5 // 1000):
    print("x" * 999)
