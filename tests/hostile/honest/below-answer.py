# tries: nothing: a wrong answer of three fifths of the bytes that an answer may have
# worth: global_average_pool 0.5 fail: axis
# %% global_average_pool
def global_average_pool(x):
    return np.ones(3 * @ANSWER_BYTES@ // 5 // 5 // 8)
