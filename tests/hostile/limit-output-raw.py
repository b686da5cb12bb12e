# tries: gigabytes written to the descriptors 1 and 2, past Python
# worth: global_average_pool 0 any
# %% global_average_pool
def global_average_pool(x):
    block = b"x" * 2**20
    while True:
        os.write(1, block)
        os.write(2, block)
