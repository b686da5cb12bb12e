# tries: nothing: files, four fifths of the scratch folder
# %% global_average_pool
with open("large", "wb") as file:
    for _ in range(4 * @SCRATCH_BYTES@ // 5 // 2**20):
        file.write(bytes(2**20))


def global_average_pool(x):
    return x.mean((1, 2))
