# tries: an endless loop in a cell of one's own: it belongs to no exercise, and costs none
# %% after global_average_pool
while True:
    time.sleep(1)
