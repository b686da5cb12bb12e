# tries: a wrong answer, with the tag skip-execution on every test cell
# handling: tagged test cells
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
