# tries: wrong answers, with every test cell set to grade: false and to a thousand points
# handling: flipped test cells
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
