# tries: an endless loop in the answer cell itself, before any function
# worth: global_average_pool 0 timeout
# %% global_average_pool
while True:
    pass
