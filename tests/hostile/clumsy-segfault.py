# tries: a segmentation fault
# worth: global_average_pool 0 crash: stopped
# %% global_average_pool
def global_average_pool(x):
    ctypes.string_at(0)
