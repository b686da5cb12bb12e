# tries: a file larger than the scratch folder
# worth: global_average_pool 0 fail
# %% global_average_pool
def global_average_pool(x):
    with open("large", "wb") as file:
        for _ in range(@SCRATCH_BYTES@ // 2**20 + 1):
            file.write(bytes(2**20))
    hole("a file beyond the scratch folder's size")
    return x.mean((1, 2))
