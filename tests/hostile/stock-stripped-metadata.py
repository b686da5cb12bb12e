# tries: a wrong answer, with nbgrader's metadata stripped from every cell
# handling: stripped metadata
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    return x
