# tries: an endless loop in the tested function
# worth: global_average_pool 0 timeout
# %% global_average_pool
def global_average_pool(x):
    while True:
        pass
