# tries: an answer larger than answers may be
# worth: global_average_pool 0 fail|limit
# %% global_average_pool
def global_average_pool(x):
    return np.ones(@ANSWER_BYTES@ // 8 + 1000)
