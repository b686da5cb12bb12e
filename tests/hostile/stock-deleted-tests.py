# tries: a wrong answer, with every test cell deleted
# handling: deleted test cells
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
