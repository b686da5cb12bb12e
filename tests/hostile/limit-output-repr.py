# tries: a result whose repr is a gigabyte, and an exception with a message of that size
# %% after global_average_pool
class Long:
    def __repr__(self):
        return "x" * 2**30


Long()
# %% after channel_pool
raise ValueError("x" * 2**28)
